// Command validator holds Kubernetes resources against custom resource definitions with the API server's own code, as
// `kubectl apply --validate=strict` has it done.
//
//	validator DEFINITIONS[,DEFINITIONS...] FILE...
//
// It prints what is wrong, one line each, and the kinds that were checked; it ends with 1 where anything is wrong.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	strict "sigs.k8s.io/yaml"
)

// A definition's schema, as the API server compiles it.
type kind struct {
	structural *schema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
}

func main() {
	if len(os.Args) < 3 {
		fail(errors.New("usage: validator DEFINITIONS[,DEFINITIONS...] FILE..."))
	}
	kinds := map[string]kind{}
	for _, file := range strings.Split(os.Args[1], ",") {
		if err := readDefinitions(file, kinds); err != nil {
			fail(fmt.Errorf("%s: %w", file, err))
		}
	}
	isWrong := false
	for _, file := range os.Args[2:] {
		problems, err := checkFile(file, kinds)
		if err != nil {
			fail(fmt.Errorf("%s: %w", file, err))
		}
		for _, problem := range problems {
			isWrong = true
			fmt.Printf("%s: %s\n", file, problem)
		}
	}
	if isWrong {
		os.Exit(1)
	}
}

// readDefinitions compiles every version of every CustomResourceDefinition, by "group/version/kind".
func readDefinitions(file string, kinds map[string]kind) error {
	return eachDocument(file, func(document []byte) error {
		var given apiextensionsv1.CustomResourceDefinition
		if err := strict.Unmarshal(document, &given); err != nil {
			return err
		}
		if given.Kind != "CustomResourceDefinition" {
			return nil
		}
		apiextensionsv1.SetDefaults_CustomResourceDefinition(&given)
		for _, version := range given.Spec.Versions {
			var internal apiextensions.JSONSchemaProps
			openAPI := version.Schema.OpenAPIV3Schema
			if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(openAPI, &internal, nil); err != nil {
				return err
			}
			structural, err := schema.NewStructural(&internal)
			if err != nil {
				return err
			}
			validator, _, err := validation.NewSchemaValidator(&internal)
			if err != nil {
				return err
			}
			rules := cel.NewValidator(structural, true, celconfig.PerCallLimit)
			key := given.Spec.Group + "/" + version.Name + "/" + given.Spec.Names.Kind
			kinds[key] = kind{structural, validator, rules}
		}
		return nil
	})
}

func checkFile(file string, kinds map[string]kind) ([]string, error) {
	var problems []string
	err := eachDocument(file, func(document []byte) error {
		var resource unstructured.Unstructured
		if err := strict.UnmarshalStrict(document, &resource.Object); err != nil {
			problems = append(problems, err.Error())
			return nil
		}
		name := resource.GetKind() + " " + resource.GetName()
		for _, problem := range check(document, resource, kinds) {
			problems = append(problems, name+": "+problem)
		}
		return nil
	})
	return problems, err
}

func check(document []byte, resource unstructured.Unstructured, kinds map[string]kind) []string {
	kind, isDefined := kinds[resource.GetAPIVersion()+"/"+resource.GetKind()]
	if !isDefined {
		return checkBuiltIn(document, resource)
	}
	fmt.Println("checked", resource.GetKind())
	options := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	object := resource.DeepCopy().Object
	var problems []string
	for _, path := range pruning.PruneWithOptions(object, kind.structural, true, options) {
		problems = append(problems, "unknown field "+path)
	}
	found := validation.ValidateCustomResource(nil, resource.Object, kind.validator)
	found = append(found, apivalidation.ValidateObjectMetaAccessor(&resource, true, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))...)
	broken, _ := kind.rules.Validate(context.Background(), nil, kind.structural, resource.Object, nil, celconfig.RuntimeCELCostBudget)
	for _, problem := range append(found, broken...) {
		problems = append(problems, problem.Error())
	}
	return problems
}

// checkBuiltIn decodes strictly what the API server itself has types for.
func checkBuiltIn(document []byte, resource unstructured.Unstructured) []string {
	var typed any
	switch resource.GetAPIVersion() + "/" + resource.GetKind() {
	case "networking.k8s.io/v1/Ingress":
		typed = &networking.Ingress{}
	case "v1/ConfigMap":
		typed = &core.ConfigMap{}
	case "v1/Secret":
		typed = &core.Secret{}
	default:
		return []string{"no definition is at hand of " + resource.GetAPIVersion()}
	}
	fmt.Println("checked", resource.GetKind())
	if err := strict.UnmarshalStrict(document, typed); err != nil {
		return strings.Split(err.Error(), "\n")
	}
	return nil
}

func eachDocument(file string, visit func(document []byte) error) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		if err := visit(document); err != nil {
			return err
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}
