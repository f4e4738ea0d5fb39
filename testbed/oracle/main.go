// Command oracle says what BuildKit makes of Dockerfiles, without an engine, a registry or a build context: its own parser,
// instruction parser and dispatcher, linked from Debian's packages, over an empty base image. One line of JSON a file.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/solver/pb"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	digest "github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// answer is what is said of one file. The verdict is the stage that refused it: parse, instructions or dispatch; `given` is
// a refusal that another base image or a build arg for an ARG without a default would have prevented, `lint` one that the
// file itself asks for (check=error=true).
type answer struct {
	File    string                           `json:"file"`
	Verdict string                           `json:"verdict"`
	Line    int                              `json:"line,omitempty"`
	Message string                           `json:"message,omitempty"`
	Nodes   []node                           `json:"nodes,omitempty"`
	Ignored []string                         `json:"ignored"`
	Lint    []warning                        `json:"lint,omitempty"`
	Image   *dockerspec.DockerOCIImageConfig `json:"image,omitempty"`
}

// warning is what BuildKit's build checks say of a line.
type warning struct {
	Rule   string `json:"rule"`
	Line   int    `json:"line"`
	Detail string `json:"detail"`
}

// node is one instruction as the line parser leaves it.
type node struct {
	Lines    [2]int           `json:"lines"`
	Name     string           `json:"name"`
	Flags    []string         `json:"flags,omitempty"`
	Words    []string         `json:"words"`
	JSON     bool             `json:"json,omitempty"`
	Heredocs []parser.Heredoc `json:"heredocs,omitempty"`
}

// world is what a build is given: build args, and for every image one with nothing but these variables and this folder.
type world struct {
	args    map[string]string
	env     []string
	workdir string
}

func (b world) ResolveImageConfig(_ context.Context, ref string, opt sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	var image dockerspec.DockerOCIImage
	image.Platform = *opt.Platform
	image.Config.Env, image.Config.WorkingDir = b.env, b.workdir
	image.RootFS = ocispecs.RootFS{Type: "layers", DiffIDs: []digest.Digest{digest.FromString(ref)}}
	config, err := json.Marshal(image)
	return ref, digest.FromBytes(config), config, err
}

func (b world) options(dt []byte) dockerfile2llb.ConvertOpt {
	platform, caps := platforms.MustParse("linux/amd64"), pb.Caps.CapSet(pb.Caps.All())
	source := llb.NewSourceMap(nil, "Dockerfile", "Dockerfile", dt)
	source.Definition = &llb.Definition{}
	options := dockerfile2llb.ConvertOpt{MetaResolver: b, TargetPlatform: &platform, LLBCaps: &caps, SourceMap: source}
	options.BuildArgs = b.args
	return options
}

func (b world) refusal(dt []byte) (string, int) {
	results, err := dockerfile2llb.DockerfileLint(context.TODO(), dt, b.options(dt))
	if err != nil {
		return err.Error(), 0
	}
	if results.Error == nil {
		return "", 0
	}
	line := 0
	if ranges := results.Error.Location.Ranges; len(ranges) > 0 {
		line = int(ranges[0].Start.Line)
	}
	return results.Error.Message, line
}

var variable = regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`)

// withoutDefault names the ARGs that have no default anywhere in the file.
func withoutDefault(stages []instructions.Stage, global []instructions.ArgCommand) (names []string) {
	all, defaults := global, map[string]bool{}
	for _, stage := range stages {
		for _, command := range stage.Commands {
			if arg, ok := command.(*instructions.ArgCommand); ok {
				all = append(all, *arg)
			}
		}
	}
	for _, command := range all {
		for _, arg := range command.Args {
			names = append(names, arg.Key)
			defaults[arg.Key] = defaults[arg.Key] || arg.Value != nil
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return defaults[name] })
}

// others are worlds that set each unset variable of the file to something useful for a port, a path, a name, …
func others(dt []byte, args []string) (worlds []world) {
	for _, value := range []string{"80", "/x", "x", "TERM", "linux/amd64"} {
		other := world{workdir: "/w", args: map[string]string{}}
		for _, name := range args {
			other.args[name] = value
		}
		worlds = append(worlds, other)
		for _, name := range variable.FindAllSubmatch(dt, -1) {
			if string(name[1]) != "PATH" {
				other.env = append(other.env, string(name[1])+"="+value)
			}
		}
		worlds = append(worlds, other)
	}
	return worlds
}

func judge(dt []byte) (verdict, message string, line int) {
	tree, err := parser.Parse(bytes.NewReader(dt))
	if err != nil {
		return "parse", err.Error(), lineOf(err)
	}
	stages, global, err := instructions.Parse(tree.AST, nil)
	if err != nil {
		return "instructions", err.Error(), lineOf(err)
	} else if len(stages) == 0 {
		return "instructions", "dockerfile contains no stages to build", 0
	}
	message, line = world{}.refusal(dt)
	switch {
	case message == "":
		return "accepted", "", 0
	case strings.HasPrefix(message, "lint violation found"):
		return "lint", message, line
	}
	for _, other := range others(dt, withoutDefault(stages, global)) {
		if refusal, _ := other.refusal(dt); refusal == "" {
			return "given", message, line
		}
	}
	return "dispatch", message, line
}

func lineOf(err error) int {
	var located *parser.LocationError
	if errors.As(err, &located) && len(located.Locations) > 0 && len(located.Locations[0]) > 0 {
		return located.Locations[0][0].Start.Line
	}
	return 0
}

func nodes(dt []byte) (list []node) {
	tree, err := parser.Parse(bytes.NewReader(dt))
	if err != nil {
		return nil
	}
	for _, child := range tree.AST.Children {
		one := node{Lines: [2]int{child.StartLine, child.EndLine}, Name: strings.ToUpper(child.Value), Flags: child.Flags,
			Words: []string{}, JSON: child.Attributes["json"], Heredocs: child.Heredocs}
		for next := child.Next; next != nil; next = next.Next {
			if len(next.Children) == 0 {
				one.Words = append(one.Words, next.Value)
			}
		}
		list = append(list, one)
	}
	return list
}

// image is the configuration of the last stage, on an empty base.
func image(dt []byte) *dockerspec.DockerOCIImageConfig {
	_, made, _, _, err := dockerfile2llb.Dockerfile2LLB(context.TODO(), dt, world{}.options(dt))
	if err != nil {
		return nil
	}
	return &made.Config
}

// warnings are those of the build checks, with no base image's environment but PATH.
func warnings(dt []byte) (list []warning) {
	b := world{env: []string{"PATH=/usr/bin:/bin"}}
	results, err := dockerfile2llb.DockerfileLint(context.TODO(), dt, b.options(dt))
	if err != nil {
		return nil
	}
	for _, found := range results.Warnings {
		one := warning{Rule: found.RuleName, Detail: found.Detail}
		if found.Location != nil && len(found.Location.Ranges) > 0 {
			one.Line = int(found.Location.Ranges[0].Start.Line)
		}
		list = append(list, one)
	}
	return list
}

// ignored says which paths an ignore file leaves out: those below a folder take over what was found for it.
func ignored(dt []byte, paths []string) ([]string, error) {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(dt))
	if err != nil {
		return nil, err
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, err
	}
	list := []string{}
	for _, path := range paths {
		var info patternmatcher.MatchInfo
		var out bool
		for at := range len(path) + 1 {
			if at == len(path) || path[at] == '/' {
				if out, info, err = matcher.MatchesUsingParentResults(path[:at], info); err != nil {
					return nil, err
				}
			}
		}
		if out {
			list = append(list, path)
		}
	}
	return list, nil
}

func main() {
	withNodes := flag.Bool("nodes", false, "also the instructions as the line parser leaves them")
	ignorePaths := flag.String("ignore", "", "the files are ignore files: which of the paths in `FILE` they leave out")
	withImage := flag.Bool("image", false, "also the configuration of the image, on an empty base")
	withLint := flag.Bool("lint", false, "also what the build checks say")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: oracle [-nodes] [-image] [-lint] <list of files, one a line")
		flag.PrintDefaults()
	}
	flag.Parse()
	files, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for files.Scan() {
		dt, err := os.ReadFile(files.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		said := answer{File: files.Text()}
		if *ignorePaths != "" {
			paths, _ := os.ReadFile(*ignorePaths)
			if said.Ignored, err = ignored(dt, strings.Fields(string(paths))); err != nil {
				said.Message = err.Error()
			}
			line, _ := json.Marshal(said)
			out.Write(append(line, '\n'))
			continue
		}
		said.Verdict, said.Message, said.Line = judge(dt)
		if *withNodes {
			said.Nodes = nodes(dt)
		}
		if *withLint {
			said.Lint = warnings(dt)
		}
		if *withImage && said.Verdict == "accepted" {
			said.Image = image(dt)
		}
		line, _ := json.Marshal(said)
		out.Write(append(line, '\n'))
	}
}
