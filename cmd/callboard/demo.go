package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/callboard-portal/callboard/generator"
	"github.com/callboard-portal/callboard/generator/serve"
)

func (r *root) demoCommand() *cobra.Command {
	var f buildFlags
	var addr string
	var noServe bool
	c := &cobra.Command{
		Use: "demo", Short: "Build and serve the portal of a made-up company", Args: maxArgs(0),
		Long: `Demo writes the repositories of Stagecraft, a made-up ticketing company, into a
temporary folder, builds its portal from them as it would from yours, and serves it.`,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := os.MkdirTemp("", "callboard-demo-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			configPath, err := generator.WriteDemo(c.Context(), dir)
			if err != nil {
				return err
			}
			if f.output == "" {
				f.output = filepath.Join(dir, "public")
			}
			if _, err := r.build(c.Context(), &f, configPath); err != nil {
				return err
			}
			if noServe {
				return nil
			}
			return r.listen(c.Context(), addr, serve.New(f.output, nil), f.output)
		},
	}
	f.add(c)
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "address to listen on")
	c.Flags().BoolVar(&noServe, "no-serve", false, "only build, into the folder given with -o")
	return c
}
