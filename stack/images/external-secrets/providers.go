// Package register brings External Secrets the provider that stack/addons/external-secrets.yaml uses.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/provider/doppler"
)
