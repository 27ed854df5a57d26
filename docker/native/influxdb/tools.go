//go:build tools

// Package influxdb pins the InfluxDB server that is built from source where
// none is installed: go.mod names its version, go.sum what it is made of.
package influxdb

import (
	_ "github.com/influxdata/influxdb/v2/cmd/influxd"
	_ "github.com/influxdata/pkg-config"
)
