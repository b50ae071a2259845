// Renders Helm charts with real text/template and sprig, as a yardstick for bench/template.ts.
//
// The product never needs this program: the bench runs it when a Go toolchain is at hand.
//
// Usage: oracle ROUNDS CHART[,LIBRARY...]...
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

type chart struct {
	path         string
	metadata     map[string]any
	values       map[string]any
	templates    map[string]string
	dependencies []*chart
}

type versions []string

func (v versions) Has(name string) bool {
	for _, one := range v {
		if one == name {
			return true
		}
	}
	return false
}

type files map[string][]byte

func (f files) Get(name string) string { return string(f[name]) }

func (f files) Glob(string) files { return files{} }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func readYAML(path string) map[string]any {
	text, err := os.ReadFile(path)
	check(err)
	result := map[string]any{}
	check(yaml.Unmarshal(text, &result))
	return result
}

func load(folder, parent string, libraries []string) *chart {
	metadata := readYAML(filepath.Join(folder, "Chart.yaml"))
	c := &chart{
		path:      parent + metadata["name"].(string),
		metadata:  map[string]any{},
		values:    readYAML(filepath.Join(folder, "values.yaml")),
		templates: map[string]string{},
	}
	for key, value := range metadata {
		c.metadata[strings.ToUpper(key[:1])+key[1:]] = value
	}
	check(filepath.Walk(filepath.Join(folder, "templates"), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(folder, path)
		c.templates[c.path+"/"+filepath.ToSlash(below)] = string(text)
		return err
	}))
	for _, library := range libraries {
		c.dependencies = append(c.dependencies, load(library, c.path+"/charts/", nil))
	}
	return c
}

func (c *chart) all() map[string]string {
	found := map[string]string{}
	for _, dependency := range c.dependencies {
		for name, text := range dependency.all() {
			found[name] = text
		}
	}
	for name, text := range c.templates {
		found[name] = text
	}
	return found
}

func toYAML(value any) string {
	text, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

func fromYAML(text string) map[string]any {
	result := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &result); err != nil {
		result["Error"] = err.Error()
	}
	return result
}

func fromYAMLArray(text string) []any {
	result := []any{}
	if err := yaml.Unmarshal([]byte(text), &result); err != nil {
		result = []any{err.Error()}
	}
	return result
}

func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	all["include"] = func(name string, data any) (string, error) {
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	all["tpl"] = func(text string, data any) (string, error) {
		clone, err := root.Clone()
		if err != nil {
			return "", err
		}
		clone.Funcs(functions(clone))
		parsed, err := clone.New("gotpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out strings.Builder
		err = parsed.Execute(&out, data)
		return out.String(), err
	}
	all["required"] = func(message string, value any) (any, error) {
		if value == nil || value == "" {
			return value, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	all["lookup"] = func(string, string, string, string) (map[string]any, error) { return map[string]any{}, nil }
	all["toYaml"] = toYAML
	all["fromYaml"] = fromYAML
	all["fromYamlArray"] = fromYAMLArray
	return all
}

func parse(c *chart) *template.Template {
	root := template.New("gotpl")
	root.Option("missingkey=zero")
	root.Funcs(functions(root))
	texts := c.all()
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := strings.Count(names[i], "/"), strings.Count(names[j], "/")
		if a != b {
			return a > b
		}
		return names[i] > names[j]
	})
	for _, name := range names {
		_, err := root.New(name).Parse(texts[name])
		check(err)
	}
	return root
}

func deepCopy(value any) any {
	switch typed := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(typed))
		for key, inner := range typed {
			copied[key] = deepCopy(inner)
		}
		return copied
	case []any:
		copied := make([]any, len(typed))
		for i, inner := range typed {
			copied[i] = deepCopy(inner)
		}
		return copied
	}
	return value
}

func render(c *chart, root *template.Template) int {
	values := deepCopy(c.values).(map[string]any)
	for _, dependency := range c.dependencies {
		values[dependency.metadata["Name"].(string)] = deepCopy(dependency.values)
	}
	shared := map[string]any{
		"Chart":  c.metadata,
		"Values": values,
		"Files":  files{},
		"Capabilities": map[string]any{
			"KubeVersion": map[string]any{"Version": "v1.35.0", "GitVersion": "v1.35.0", "Major": "1", "Minor": "35"},
			"APIVersions": versions{"v1", "apps/v1", "batch/v1", "networking.k8s.io/v1", "policy/v1"},
		},
		"Release": map[string]any{
			"Name": "release-name", "Namespace": "default", "Service": "Helm",
			"IsInstall": true, "IsUpgrade": false, "Revision": 1,
		},
		"Subcharts": map[string]any{},
	}
	size := 0
	for name := range c.templates {
		if strings.HasPrefix(filepath.Base(name), "_") {
			continue
		}
		data := map[string]any{"Template": map[string]any{"Name": name, "BasePath": c.path + "/templates"}}
		for key, value := range shared {
			data[key] = value
		}
		var out strings.Builder
		check(root.ExecuteTemplate(&out, name, data))
		size += out.Len()
	}
	return size
}

func milliseconds(rounds int, work func()) float64 {
	start := time.Now()
	for range rounds {
		work()
	}
	return float64(time.Since(start).Microseconds()) / 1000 / float64(rounds)
}

func main() {
	rounds, err := strconv.Atoi(os.Args[1])
	check(err)
	for _, argument := range os.Args[2:] {
		folders := strings.Split(argument, ",")
		c := load(folders[0], "", folders[1:])
		root := parse(c)
		size := render(c, root)
		milliseconds(rounds, func() { render(c, root) })
		line, err := json.Marshal(map[string]any{
			"chart":    c.path,
			"parseMs":  milliseconds(rounds, func() { parse(c) }),
			"renderMs": milliseconds(rounds, func() { render(c, root) }),
			"bytes":    size,
		})
		check(err)
		fmt.Println(string(line))
	}
}
