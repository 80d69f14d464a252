package yamldoc

import "bytes"

// Chunk is the text of one document of a stream, its `---` marker included,
// so that a parser sees exactly one document in it.
type Chunk struct {
	// Text is the document as written, from its marker or directives to the
	// line before the next marker.
	Text []byte
	// Line is the line of the stream on which Text begins, from 1.
	Line int
}

// Split cuts a YAML stream at its document markers, without understanding
// what is between them, so that a document that does not parse cannot hide
// its siblings (yaml.v3's Decoder repeats one error for ever).
//
// A line that begins with "---" or "..." followed by white space or its end
// is a marker wherever it stands, in block scalars and quotes too (YAML 1.2.2,
// production 206, c-forbidden); anything indented is not. Comments, blank
// lines and %directives before the first marker belong to the document that
// follows them; where none follows they are no document at all.
func Split(stream []byte) []Chunk {
	s := splitter{stream: stream, line: 1, idle: true}
	for s.at < len(stream) {
		s.next()
	}
	if !s.idle {
		s.cut(len(stream))
	}
	return s.chunks
}

// splitter walks a stream line by line.
type splitter struct {
	stream   []byte
	at, line int  // the line being looked at
	from     int  // where the current chunk began
	fromLine int  // its line; 0 before the first
	idle     bool // only comments, blanks and directives so far: no document yet
	chunks   []Chunk
}

func (s *splitter) next() {
	if s.fromLine == 0 {
		s.from, s.fromLine = s.at, s.line
	}
	text, width := firstLine(s.stream[s.at:])
	switch {
	case isMarker(text, "---"):
		if !s.idle {
			s.cut(s.at)
			s.from, s.fromLine = s.at, s.line
		}
		s.idle = false
	case isMarker(text, "..."):
		if !s.idle {
			s.cut(s.at)
		}
		s.fromLine, s.idle = 0, true
	case s.idle && !isBlank(text) && text[0] != '%':
		s.idle = false
	}
	s.at += width
	s.line++
}

func (s *splitter) cut(end int) {
	s.chunks = append(s.chunks, Chunk{Text: s.stream[s.from:end], Line: s.fromLine})
}

// firstLine returns the first line of b without its break, and the number of
// bytes to the next one. LF, CRLF and a lone CR break lines.
func firstLine(b []byte) (text []byte, width int) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		i = len(b)
	}
	if j := bytes.IndexByte(b[:i], '\r'); j >= 0 {
		if j == i-1 && i < len(b) {
			return b[:j], i + 1
		}
		return b[:j], j + 1
	}
	return b[:i], min(i+1, len(b))
}

func isMarker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t')
}

func isBlank(line []byte) bool {
	t := bytes.TrimLeft(line, " \t")
	return len(t) == 0 || t[0] == '#'
}
