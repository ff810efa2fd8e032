// Argo CD's application controller alone: upstream's one program holds all of its parts.
package main

import (
	"os"

	"github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
)

func main() {
	if commands.NewCommand().Execute() != nil {
		os.Exit(1)
	}
}
