package source

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/secret"
)

// sshServer serves git-upload-pack below root to the holder of one key.
type sshServer struct {
	addr       string
	keyFile    string
	lockedFile string // the same key behind the passphrase "open sesame"
	knownHosts string
}

func serveSSH(t *testing.T, root string) sshServer {
	t.Helper()
	needGit(t)
	dir := t.TempDir()
	_, hostKey, _ := ed25519.GenerateKey(rand.Reader)
	host, err := ssh.NewSignerFromKey(hostKey)
	if err != nil {
		t.Fatal(err)
	}
	public, userKey, _ := ed25519.GenerateKey(rand.Reader)
	allowed, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(userKey, "")
	if err != nil {
		t.Fatal(err)
	}
	locked, err := ssh.MarshalPrivateKeyWithPassphrase(userKey, "", []byte("open sesame"))
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if c.User() == "git" && string(key.Marshal()) == string(allowed.Marshal()) {
			return nil, nil
		}
		return nil, fmt.Errorf("no")
	}}
	config.AddHostKey(host)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serveSSHConn(c, config, root)
		}
	}()
	s := sshServer{l.Addr().String(), filepath.Join(dir, "key"), filepath.Join(dir, "locked"), filepath.Join(dir, "known_hosts")}
	h, port, _ := net.SplitHostPort(s.addr)
	line := fmt.Sprintf("[%s]:%s %s", h, port, ssh.MarshalAuthorizedKey(host.PublicKey()))
	write(t, dir, map[string]string{"key": string(pem.EncodeToMemory(block)), "locked": string(pem.EncodeToMemory(locked)), "known_hosts": line})
	return s
}

func serveSSHConn(c net.Conn, config *ssh.ServerConfig, root string) {
	defer c.Close()
	_, channels, requests, err := ssh.NewServerConn(c, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for n := range channels {
		ch, requests, err := n.Accept()
		if err != nil {
			return
		}
		go func() {
			defer ch.Close()
			for r := range requests {
				if r.Type != "exec" {
					r.Reply(false, nil)
					continue
				}
				var m struct{ Command string }
				ssh.Unmarshal(r.Payload, &m)
				r.Reply(true, nil)
				verb, path, _ := strings.Cut(m.Command, " ")
				cmd := exec.Command("git", "upload-pack", filepath.Join(root, strings.Trim(path, "'")))
				if verb != "git-upload-pack" {
					return
				}
				cmd.Stdout, cmd.Stderr = ch, ch.Stderr()
				in, _ := cmd.StdinPipe()
				go func() { io.Copy(in, ch); in.Close() }()
				status := struct{ Status uint32 }{}
				if cmd.Run() != nil {
					status.Status = 128
				}
				ch.SendRequest("exit-status", false, ssh.Marshal(&status))
				return
			}
		}()
	}
}

func TestSSH(t *testing.T) {
	root := t.TempDir()
	r := newRawRepo(t, filepath.Join(root, "team", "app.git"))
	one := r.simple("one")
	r.set("main", one)
	srv := serveSSH(t, root)
	t.Setenv("SSH_AUTH_SOCK", "")
	good := Auth{KeyFile: srv.keyFile, KnownHosts: srv.knownHosts}
	spec := Spec{Git: "ssh://git@" + srv.addr + "/team/app.git", Auth: good}
	opt := options(t)
	for _, text := range []string{"one", "one", "two"} {
		if text == "two" {
			r.set("main", r.simple("two", one))
		}
		cs, ds := mustSync(t, opt, spec)
		if len(ds) != 0 || content1(t, cs[0]) != text || cs[0].State != checkout.Fresh {
			t.Fatalf("%s: %v", text, ds)
		}
	}
	locked := spec
	locked.Auth.KeyFile, locked.Auth.KeyPassphrase = srv.lockedFile, secret.New("open sesame")
	if _, ds := mustSync(t, opt, locked); len(ds) != 0 {
		t.Error(ds)
	}
	strangers := filepath.Join(t.TempDir(), "known_hosts")
	os.WriteFile(strangers, []byte("example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n"), 0o644)
	for message, change := range map[string]func(*Spec){
		"SSH key":      func(s *Spec) { s.Auth.KeyFile, s.Auth.KeyPassphrase = srv.lockedFile, secret.New("not sesame") },
		"known_hosts":  func(s *Spec) { s.Auth.KnownHosts = strangers },
		"agent":        func(s *Spec) { s.Auth.KeyFile = "" },
		"refuses":      func(s *Spec) { s.Auth.Username = "ada" },
		"not exist":    func(s *Spec) { s.Git = "ssh://git@" + srv.addr + "/team/none.git" },
		"known_hosts ": func(s *Spec) { s.Auth.KnownHosts = filepath.Join(t.TempDir(), "none") },
	} {
		bad := spec
		change(&bad)
		opt := options(t)
		opt.Retries = -1
		_, ds := mustSync(t, opt, bad)
		if codes(ds) != "source-failed" || !strings.Contains(ds[0].Message, message) || strings.Contains(ds[0].Message, "sesame") {
			t.Errorf("%s: %v", message, ds)
		}
	}
}

// TestSSHAgentIsAskedWithoutAKey: nothing in auth: but known hosts.
func TestSSHAgentIsAskedWithoutAKey(t *testing.T) {
	root := t.TempDir()
	r := newRawRepo(t, filepath.Join(root, "app.git"))
	r.set("main", r.simple("one"))
	srv := serveSSH(t, root)
	pem, err := os.ReadFile(srv.keyFile)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParseRawPrivateKey(pem)
	if err != nil {
		t.Fatal(err)
	}
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "agent")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip("no unix sockets here: ", err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go agent.ServeAgent(ring, c)
		}
	}()
	t.Setenv("SSH_AUTH_SOCK", socket)
	cs, ds := mustSync(t, options(t), Spec{Git: "ssh://" + srv.addr + "/app.git", Auth: Auth{KnownHosts: srv.knownHosts}})
	if len(ds) != 0 || content1(t, cs[0]) != "one" {
		t.Fatal(ds)
	}
}
