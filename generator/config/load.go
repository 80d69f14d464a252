package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// FileName is the name of the configuration file.
const FileName = "callboard.yaml"

// ErrNotFound says that there is no callboard.yaml in a folder or above it.
var ErrNotFound = errors.New("no " + FileName + " here or in a folder above")

// Find returns the path of the callboard.yaml in dir or the nearest folder
// above it, or ErrNotFound.
func Find(dir string) (string, error) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", FileName, err)
	}
	for {
		path := filepath.Join(at, FileName)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
		up := filepath.Dir(at)
		if up == at {
			return "", ErrNotFound
		}
		at = up
	}
}

// Load reads the callboard.yaml at path and the brand.yaml it names, taking
// variables from env (os.LookupEnv in a real run). What is wrong in the files
// is in the list and leaves defaults in the configuration, which is never nil
// without an error. The error is for a callboard.yaml that cannot be read.
func Load(path string, env func(string) (string, bool)) (*Config, diag.List, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the configuration: %w", err)
	}
	c, d := parse(path, b, env)
	c.loadBrand(d)
	c.loadSchemas(d)
	c.checkFolders(d)
	d.ds.Sort()
	return c, d.ds, nil
}

// parse decodes the bytes of a callboard.yaml; path is only named, and no
// other file is read: Brand is the default one, and schemas in files are not loaded.
func parse(path string, b []byte, env func(string) (string, bool)) (*Config, *decoder) {
	c := Default()
	c.File, c.Dir = path, filepath.Dir(path)
	d := &decoder{at: diag.Pos{File: path}, env: env}
	d.file(b, &c)
	c.check(d)
	return &c, d
}

// parseBrand decodes the bytes of a brand.yaml; path is only named, and the
// images it names are not looked for.
func parseBrand(path string, b []byte, env func(string) (string, bool)) (Brand, *decoder) {
	brand := DefaultBrand()
	brand.Dir = filepath.Dir(path)
	d := &decoder{at: diag.Pos{File: path}, env: env}
	d.file(b, &brand)
	return brand, d
}

// loadBrand reads the brand's file. The default one may be absent; one that
// callboard.yaml names may not, and neither may the images it names.
func (c *Config) loadBrand(d *decoder) {
	path := filepath.Join(c.Dir, filepath.FromSlash(c.BrandFile))
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && c.BrandFile == Default().BrandFile {
		c.Brand.Dir = c.Dir
		return
	}
	if err != nil {
		d.missingFile("brand", c.BrandFile, err)
		return
	}
	brand, bd := parseBrand(path, b, d.env)
	for _, image := range []struct{ field, file string }{
		{"logo", brand.Logo}, {"logoDark", brand.LogoDark}, {"favicon", brand.Favicon},
	} {
		if image.file == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(brand.Dir, filepath.FromSlash(image.file))); err != nil {
			bd.missingFile(image.field, image.file, err)
		}
	}
	c.Brand = brand
	d.ds.Add(bd.ds...)
}

// loadSchemas reads the schemas of custom kinds that are files of their own.
func (c *Config) loadSchemas(d *decoder) {
	for i := range c.Kinds {
		s := &c.Kinds[i].Schema
		if s.File == "" {
			continue
		}
		path := filepath.Join(c.Dir, filepath.FromSlash(s.File))
		b, err := os.ReadFile(path)
		if err != nil {
			d.missingFile(fmt.Sprintf("kinds[%d].schema", i), s.File, err)
			continue
		}
		docs, whole := yamldoc.Parse(diag.Pos{File: path}, b, limits)
		d.ds.Add(whole...)
		for _, doc := range docs {
			d.ds.Add(doc.Problems...)
			if doc.Root != nil {
				s.Value = yamldoc.Value(doc.Root, "", nil)
			}
		}
	}
}

// bundledTheme is the name of the theme that needs no folder.
const bundledTheme = "base"

// checkFolders reports folders that callboard.yaml names but that are not there.
func (c *Config) checkFolders(d *decoder) {
	for field, folder := range map[string]string{"content": c.Content, "theme": c.Theme} {
		if _, named := d.placed[field]; !named || (field == "theme" && folder == bundledTheme) {
			continue
		}
		if info, err := os.Stat(filepath.Join(c.Dir, filepath.FromSlash(folder))); err != nil || !info.IsDir() {
			d.missingFolder(field, folder)
		}
	}
}

func (d *decoder) missingFolder(field, folder string) {
	hint := "paths are relative to callboard.yaml"
	if field == "theme" {
		hint = fmt.Sprintf("the bundled theme is %q; the path of a folder is relative to callboard.yaml", bundledTheme)
	}
	d.ds.Add(diag.Diagnostic{
		Code: codeFile, Severity: diag.Error, Pos: d.place(field), Field: field,
		Message: fmt.Sprintf("%q names the folder %q, but there is no such folder", field, folder), Hint: hint,
	})
}

func (d *decoder) missingFile(field, file string, err error) {
	why := "it cannot be read"
	if errors.Is(err, fs.ErrNotExist) {
		why = "there is no such file"
	}
	d.ds.Add(diag.Diagnostic{
		Code: codeFile, Severity: diag.Error, Pos: d.place(field), Field: field,
		Message: fmt.Sprintf("%q names the file %q, but %s", field, file, why),
		Hint:    "paths are relative to the file that names them",
	})
}
