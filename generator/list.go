package generator

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/config"
)

// ListTopics lists what List can print.
func ListTopics() []string { return []string{"kinds", "schema", "themes"} }

// List prints what this binary contains on one topic, a line each; "schema"
// is the JSON Schema of callboard.yaml.
func List(w io.Writer, topic string) error {
	switch topic {
	case "kinds":
		var names []string
		for _, k := range kind.Builtin() {
			names = append(names, k.Name)
		}
		return lines(w, names)
	case "themes":
		return lines(w, []string{"base"})
	case "schema":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(config.Schema())
	}
	return fmt.Errorf("there is no topic %q", topic)
}

func lines(w io.Writer, list []string) error {
	for _, s := range list {
		if _, err := fmt.Fprintln(w, s); err != nil {
			return err
		}
	}
	return nil
}
