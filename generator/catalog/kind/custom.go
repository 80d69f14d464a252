package kind

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	jskind "github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Custom declares a kind of a company's own.
type Custom struct {
	Name, Plural string
	// APIVersions are those accepted; empty accepts any.
	APIVersions []string
	// Schema is a JSON Schema for whole entities, as decoded JSON (draft
	// 2020-12 unless it says otherwise); nil for none.
	Schema any
	// Relations are the fields of spec that name other entities.
	Relations []CustomRelation
}

// CustomRelation says what a field of a custom kind means.
type CustomRelation struct {
	// Field is its path, such as "spec.cluster"; a ref or a list of refs stands there.
	Field string
	Relation
}

// New makes a kind of a declaration. The error says what is wrong with its schema.
func New(c Custom) (*Kind, error) {
	k := &Kind{Name: c.Name, Plural: c.Plural, APIVersions: c.APIVersions}
	for _, r := range c.Relations {
		relation := r.Relation
		k.Fields = append(k.Fields, Field{Name: strings.TrimPrefix(r.Field, "spec."), Relation: &relation})
	}
	for _, f := range Unknown.Fields { // an owner is an owner, said or not
		if !slices.ContainsFunc(k.Fields, func(own Field) bool { return own.Name == f.Name }) {
			k.Fields = append(k.Fields, f)
		}
	}
	if c.Schema == nil {
		return k, nil
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	const address = "https://schema.invalid/kind"
	if err := compiler.AddResource(address, c.Schema); err != nil {
		return nil, fmt.Errorf("reading the schema of kind %s: %w", c.Name, err)
	}
	var err error
	if k.schema, err = compiler.Compile(address); err != nil {
		return nil, fmt.Errorf("reading the schema of kind %s: %w", c.Name, firstCause(err))
	}
	return k, nil
}

// firstCause reduces the long report on an invalid schema to its first complaint.
func firstCause(err error) error {
	var invalid *jsonschema.SchemaValidationError
	var failed *jsonschema.ValidationError
	if !errors.As(err, &invalid) || !errors.As(invalid.Err, &failed) {
		return err
	}
	for leaf := range leaves(failed) {
		return fmt.Errorf("at %q: %s", fieldPath(leaf.InstanceLocation), leaf.ErrorKind.LocalizedString(english))
	}
	return err
}

// noLoader keeps schemas from reading files or the network.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("a schema may not refer to %q: put everything into one", url)
}

var english = message.NewPrinter(language.English)

// checkSchema returns the schema's complaints, innermost ones only.
func (k *Kind) checkSchema(entity map[string]any) []Problem {
	if k.schema == nil {
		return nil
	}
	var failed *jsonschema.ValidationError
	if !errors.As(k.schema.Validate(entity), &failed) {
		return nil
	}
	var ps []Problem
	for leaf := range leaves(failed) {
		field := fieldPath(leaf.InstanceLocation)
		if r, ok := leaf.ErrorKind.(*jskind.Required); ok {
			field = strings.TrimPrefix(field+"."+r.Missing[0], ".")
		}
		ps = append(ps, Problem{CodeSchema, field, fmt.Sprintf("%q does not fit the schema of kind %s: %s", field, k.Name, leaf.ErrorKind.LocalizedString(english)), ""})
	}
	slices.SortFunc(ps, func(a, b Problem) int {
		return strings.Compare(a.Field+a.Message, b.Field+b.Message)
	})
	return ps
}

func leaves(e *jsonschema.ValidationError) func(func(*jsonschema.ValidationError) bool) {
	return func(yield func(*jsonschema.ValidationError) bool) { eachLeaf(e, yield) }
}

func eachLeaf(e *jsonschema.ValidationError, yield func(*jsonschema.ValidationError) bool) bool {
	if len(e.Causes) == 0 {
		return yield(e)
	}
	for _, c := range e.Causes {
		if !eachLeaf(c, yield) {
			return false
		}
	}
	return true
}

func fieldPath(location []string) string {
	var b strings.Builder
	for _, part := range location {
		if _, err := strconv.Atoi(part); err == nil {
			b.WriteString("[" + part + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(part)
	}
	return b.String()
}
