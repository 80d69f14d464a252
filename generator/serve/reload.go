package serve

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const reloadPrefix = "/_callboard/"

// reloadScript waits for the next event and loads the page again. It is a
// file of its own because the site's policy forbids inline scripts.
const reloadScript = `const events = new EventSource(new URL("events", import.meta.url));
events.addEventListener("reload", () => location.reload());
`

// Reload tells open pages to load again. It is safe for concurrent use.
type Reload struct {
	mu      sync.Mutex
	waiting map[chan struct{}]bool
}

// NewReload returns a Reload with nobody waiting.
func NewReload() *Reload { return &Reload{waiting: map[chan struct{}]bool{}} }

// Now makes every open page load again.
func (r *Reload) Now() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.waiting {
		close(c)
		delete(r.waiting, c)
	}
}

func (r *Reload) inject(page []byte) []byte {
	tag := []byte(`<script type="module" src="` + reloadPrefix + `reload.js"></script>`)
	if i := bytes.LastIndex(page, []byte("</body>")); i >= 0 {
		return append(append(append([]byte{}, page[:i]...), tag...), page[i:]...)
	}
	return append(append([]byte{}, page...), tag...)
}

// ServeHTTP answers the script and its stream of server-sent events.
func (r *Reload) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if req.URL.Path == reloadPrefix+"reload.js" {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		fmt.Fprint(w, reloadScript)
		return
	}
	flusher, ok := w.(http.Flusher)
	if req.URL.Path != reloadPrefix+"events" || !ok {
		http.NotFound(w, req)
		return
	}
	c := make(chan struct{})
	r.mu.Lock()
	r.waiting[c] = true
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.waiting, c)
		r.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, ": waiting\n\n")
	flusher.Flush()
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	for {
		select {
		case <-c:
			fmt.Fprint(w, "event: reload\ndata: now\n\n")
			flusher.Flush()
			return
		case <-beat.C:
			fmt.Fprint(w, ": still here\n\n")
			flusher.Flush()
		case <-req.Context().Done():
			return
		}
	}
}
