// Package register brings External Secrets no generators: nothing here uses one.
package register
