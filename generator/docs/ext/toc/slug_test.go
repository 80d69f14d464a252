package toc

import "testing"

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Hello, World!": "hello-world", "  a  b ": "a-b", "a - b": "a-b", "C++ & C#": "c-c", "snake_case": "snake_case", "- dash": "-dash", "dash -": "dash-",
		"Über Straße": "uber-strae", "日本": "", "½ cup": "12-cup", "x¹": "x1", "a\tb": "a-b", "1. First": "1-first", "--": "-", "a\u00a0b": "a-b", "ﬁne": "fine",
	} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"Über Straße": "über-straße", "日本 語": "日本-語", "A b": "a-b"} {
		if got := SlugUnicode(in); got != want {
			t.Errorf("SlugUnicode(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestUnique(t *testing.T) {
	var ids IDs
	ids.Put("explicit")
	for _, c := range [][2]string{{"a", "a"}, {"a", "a_1"}, {"a", "a_2"}, {"a_1", "a_3"}, {"", "_1"}, {"", "_2"}, {"explicit", "explicit_1"}, {"b_7", "b_7"}, {"b_7", "b_8"}} {
		if got := ids.Unique(c[0]); got != c[1] {
			t.Errorf("Unique(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}
