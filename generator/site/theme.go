package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/page"
)

// ThemeOptions says what a theme is made of.
type ThemeOptions struct {
	// Base is the bundled theme.
	Base fs.FS
	// Override holds files that replace those of Base with the same path, or
	// add to them; nil for none.
	Override fs.FS
	// Brand becomes assets/css/brand.css.
	Brand Brand
	// CustomCSS becomes assets/css/custom.css, which a theme puts after all
	// its own rules.
	CustomCSS []byte
	// Shell surrounds every page, so a change of it changes every page.
	Shell page.Shell
	// StateDir is where the theme is unpacked, because Hugo's bundler reads
	// real files.
	StateDir string
}

// Theme is a theme ready for use: its files merged, branded, hashed and
// unpacked. It is immutable and safe for concurrent use.
type Theme struct {
	digest   string
	dir      string // <state>/themes/<digest>
	shell    page.Shell
	language string
	files    map[string][]byte
}

// themeFolders are the folders of a theme that count. Anything else, notably
// a Hugo configuration that could loosen the security settings, is ignored.
var themeFolders = []string{"assets", "data", "i18n", "layouts", "static"}

// LoadTheme merges the parts of a theme, computes its digest and unpacks it.
// Mistakes in the brand are diagnostics; unreadable files are errors.
func LoadTheme(opts ThemeOptions) (*Theme, diag.List, error) {
	files := map[string][]byte{}
	for _, layer := range []fs.FS{opts.Base, opts.Override} {
		if err := addLayer(files, layer); err != nil {
			return nil, nil, fmt.Errorf("read theme: %w", err)
		}
	}
	brand, found := opts.Brand.CSS()
	files["assets/css/brand.css"] = []byte(brand)
	if len(opts.CustomCSS) > 0 || files["assets/css/custom.css"] == nil {
		files["assets/css/custom.css"] = opts.CustomCSS
	}
	files["content/_content.gotmpl"] = []byte(contentAdapter)
	if files[assetsPartial] != nil {
		files["layouts/assets.html"] = []byte(assetsLayout)
	}
	t := &Theme{shell: opts.Shell, files: files}
	var spoken bool
	if t.language, spoken = themeLanguage(files, opts.Shell.Language); !spoken && opts.Shell.Language != "" {
		found.Add(unspoken(opts.Shell.Language))
	}
	t.digest = digest(files, opts.Shell)
	dir, err := filepath.Abs(filepath.Join(opts.StateDir, "themes", t.digest[:24]))
	if err != nil {
		return nil, nil, fmt.Errorf("locate theme: %w", err)
	}
	t.dir = dir
	if err := t.unpack(); err != nil {
		return nil, nil, fmt.Errorf("unpack theme: %w", err)
	}
	return t, found, nil
}

// Digest identifies everything besides a page's view that decides its bytes:
// every theme file, brand, custom CSS, the shell, and the engine with its
// Hugo. It is a SHA-256 in hexadecimal.
func (t *Theme) Digest() string { return t.digest }

func digest(files map[string][]byte, shell page.Shell) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", EngineVersion)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%q %x\n", name, sha256.Sum256(files[name]))
	}
	// A Shell holds only strings and lists of them, which always marshal.
	text, _ := json.Marshal(shell)
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

// addLayer reads one layer of a theme over what is already there.
func addLayer(files map[string][]byte, layer fs.FS) error {
	if layer == nil {
		return nil
	}
	for _, folder := range themeFolders {
		err := fs.WalkDir(layer, folder, func(name string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && name == folder:
				return fs.SkipDir
			case err != nil:
				return err
			case strings.HasPrefix(d.Name(), "."), strings.HasSuffix(d.Name(), "~"):
				return skip(d)
			case d.IsDir():
				return nil
			}
			data, err := fs.ReadFile(layer, name)
			files[name] = data
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// skip leaves out an editor's leftovers and hidden files or folders.
func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// themeLanguage picks the theme's translation closest to the portal's
// language, English and false where there is none.
func themeLanguage(files map[string][]byte, want string) (name string, spoken bool) {
	tags, names := []language.Tag{language.English}, []string{"en"}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if dir, file := path.Split(name); dir == "i18n/" {
			base := strings.TrimSuffix(file, path.Ext(file))
			if tag, err := language.Parse(base); err == nil {
				tags, names = append(tags, tag), append(names, strings.ToLower(base))
			}
		}
	}
	tag, err := language.Parse(want)
	if err != nil {
		return "en", false
	}
	_, i, confidence := language.NewMatcher(tags).Match(tag)
	if confidence == language.No {
		return "en", false
	}
	return names[i], true
}

// unspoken says that the interface stays English.
func unspoken(want string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: "theme-language", Severity: diag.Warning, Field: "portal.language",
		Message: fmt.Sprintf("the theme does not speak the portal's language %q; its words are English", want),
		Hint:    fmt.Sprintf("put a translation of i18n/en.yaml into a theme folder as i18n/%s.yaml, or leave portal.language out", want),
	}
}

func (t *Theme) hasLayout(name string) bool {
	_, ok := t.files["layouts/"+name+".html"]
	return ok
}

// layoutPrefix is put before the names of page layouts when a theme is
// unpacked. Names such as "404", "home" and "list" mean kinds of page to Hugo,
// which would then pick another template than the one asked for.
const layoutPrefix = "callboard-"

// hugoName returns the name under which Hugo gets a theme file.
func hugoName(name string) string {
	dir, file := path.Split(name)
	if dir != "layouts/" || strings.HasPrefix(file, "_") || strings.HasPrefix(file, "baseof.") {
		return name
	}
	return dir + layoutPrefix + file
}

func (t *Theme) sourceDir() string  { return filepath.Join(t.dir, "source") }
func (t *Theme) publishDir() string { return filepath.Join(t.sourceDir(), "public") }
func (t *Theme) cacheDir() string   { return filepath.Join(t.dir, "cache") }

// cleanError takes the place where the theme was unpacked out of an error, so
// that messages name theme files as their author knows them.
func (t *Theme) cleanError(err error) error {
	message := strings.ReplaceAll(err.Error(), t.sourceDir()+string(filepath.Separator), "")
	message = strings.ReplaceAll(message, layoutPrefix, "")
	if message == err.Error() {
		return err
	}
	return errors.New(message)
}

const unpackPattern = "unpack-*"

// unpack writes the theme's files to the state folder unless they are there
// already, byte for byte. The folder appears whole or not at all.
func (t *Theme) unpack() error {
	if t.unpacked() {
		return nil
	}
	if err := os.MkdirAll(t.dir, 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(t.dir, unpackPattern)
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	for name, data := range t.files {
		file := filepath.Join(temp, filepath.FromSlash(hugoName(name)))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(t.sourceDir()); err != nil {
		return err
	}
	return os.Rename(temp, t.sourceDir())
}

func (t *Theme) unpacked() bool {
	want := make(map[string][]byte, len(t.files))
	for name, data := range t.files {
		want[hugoName(name)] = data
	}
	found := 0
	err := filepath.WalkDir(t.sourceDir(), func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(t.sourceDir(), file)
		if err != nil {
			return err
		}
		data, ok := want[filepath.ToSlash(name)]
		got, err := os.ReadFile(file)
		if err != nil || !ok || !bytes.Equal(got, data) {
			return errors.Join(errors.New("theme file differs"), err)
		}
		found++
		return nil
	})
	return err == nil && found == len(t.files)
}

// RemoveOthers deletes themes of earlier builds from the state folder. No
// other build may be using it.
func (t *Theme) RemoveOthers() error {
	parent := filepath.Dir(t.dir)
	entries, err := os.ReadDir(parent)
	if err != nil {
		return fmt.Errorf("list old themes: %w", err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(t.dir) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(parent, e.Name())))
		}
	}
	// What a killed build did not finish unpacking.
	leftovers, _ := filepath.Glob(filepath.Join(t.dir, unpackPattern))
	for _, folder := range leftovers {
		err = errors.Join(err, os.RemoveAll(folder))
	}
	if err != nil {
		return fmt.Errorf("remove old themes: %w", err)
	}
	return nil
}

// publishedAssets returns what the theme publishes, from the state folder if
// it was made before.
func (t *Theme) publishedAssets(ctx context.Context) (*assetSet, diag.List, error) {
	store := filepath.Join(t.dir, "assets.json")
	if set, warnings, ok := readAssets(store); ok {
		return set, warnings, nil
	}
	set, warnings, err := buildAssets(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	return set, warnings, writeAssets(store, set, warnings)
}
