package docs

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/callboard-portal/callboard/generator/docs/markdown"
)

// Rendering cannot be cancelled from inside, and there are inputs that take
// unreasonably long. Pages that look like one are rendered in a child process
// that is killed when it does not answer in time. One process serves many
// pages, one at a time: the parent writes a request, the child answers, both
// as frames of a length (4 bytes, little endian) and content. A request is
// JSON (the options) and the page's source, an answer an encoded record.

const (
	// pageTime is how long a page may take.
	pageTime = 2 * time.Second
	// maxFrame bounds what a process accepts from the other.
	maxFrame = 32 << 20
)

// workerRequest is the head of a request.
type workerRequest struct {
	Options markdown.Options
	Source  []byte
}

// RunWorker renders the pages that a parent asks for until in ends. It is
// what the process of Options.WorkerCommand has to call; it never returns an
// error for a page, only for a broken connection.
func RunWorker(in io.Reader, out io.Writer) error {
	limitWorker()
	return serveWorker(in, out)
}

func serveWorker(in io.Reader, out io.Writer) error {
	r, w := bufio.NewReader(in), bufio.NewWriter(out)
	for {
		frame, err := readFrame(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read request: %w", err)
		}
		var q workerRequest
		if err := json.Unmarshal(frame, &q); err != nil {
			return fmt.Errorf("read request: %w", err)
		}
		err = writeFrame(w, encodeRecord(renderPage(q.Source, q.Options), nil))
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
	}
}

func readFrame(r io.Reader) ([]byte, error) {
	var n [4]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(n[:])
	if size > maxFrame {
		return nil, fmt.Errorf("frame of %d bytes", size)
	}
	b := make([]byte, size)
	_, err := io.ReadFull(r, b)
	return b, err
}

func writeFrame(w io.Writer, b []byte) error {
	var n [4]byte
	binary.LittleEndian.PutUint32(n[:], uint32(len(b)))
	if _, err := w.Write(n[:]); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}

// workers are the child processes of a build, started when first needed.
type workers struct {
	command []string
	mu      sync.Mutex
	idle    []*worker
}

type worker struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// render renders a page in a child process.
func (ws *workers) render(ctx context.Context, source []byte, opt markdown.Options) *record {
	w, err := ws.take(ctx)
	if err != nil {
		return &record{Failed: "no process could be started to render it", transient: true}
	}
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = w.cmd.Process.Kill() })
	r, err := w.render(source, opt)
	if !stop() || err != nil {
		w.end()
		if ctx.Err() != nil {
			return &record{Failed: fmt.Sprintf("it takes more than %v to render", pageTime), transient: true}
		}
		return &record{Failed: "it needs more memory than a page may use, or made the renderer fail", transient: true}
	}
	ws.mu.Lock()
	ws.idle = append(ws.idle, w)
	ws.mu.Unlock()
	return r
}

// take returns an idle worker, or starts one that lives as long as ctx, the build.
func (ws *workers) take(ctx context.Context) (*worker, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if n := len(ws.idle); n > 0 {
		w := ws.idle[n-1]
		ws.idle = ws.idle[:n-1]
		return w, nil
	}
	cmd := exec.CommandContext(ctx, ws.command[0], ws.command[1:]...)
	cmd.Env = workerEnv()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	return &worker{cmd, in, bufio.NewReader(out)}, nil
}

// workerEnv is what a worker is told of its surroundings: nothing that it does
// not need, since tokens are passed in the environment. GOMAXPROCS leaves it
// its own garbage collector beside the renderer, and no more.
func workerEnv() []string {
	env := []string{"GOMAXPROCS=2"}
	if root, ok := os.LookupEnv("SYSTEMROOT"); ok { // Windows starts nothing without it
		env = append(env, "SYSTEMROOT="+root)
	}
	return env
}

func (w *worker) render(source []byte, opt markdown.Options) (*record, error) {
	request, err := json.Marshal(workerRequest{opt, source})
	if err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	if err := writeFrame(w.in, request); err != nil {
		return nil, fmt.Errorf("ask worker: %w", err)
	}
	answer, err := readFrame(w.out)
	if err != nil {
		return nil, fmt.Errorf("hear worker: %w", err)
	}
	r, _, err := decodeRecord(answer)
	return r, err
}

// end stops a worker for good.
func (w *worker) end() {
	_ = w.in.Close()
	_ = w.cmd.Process.Kill()
	_ = w.cmd.Wait() // the error says that it was killed
}

// close ends all workers.
func (ws *workers) close() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, w := range ws.idle {
		w.end()
	}
	ws.idle = nil
}

// renderSafely renders a page here, or in a worker if it looks expensive.
func (b *builder) renderSafely(ctx context.Context, source []byte, opt markdown.Options) *record {
	if len(b.opt.WorkerCommand) == 0 || !markdown.Suspicious(source) || markdown.Check(source) != nil {
		return renderPage(source, opt)
	}
	return b.workers.render(ctx, source, opt)
}
