package search

import (
	"slices"
	"testing"

	"github.com/callboard-portal/callboard/generator/entity"
)

func apiWith(definition any) *entity.Entity {
	return &entity.Entity{Kind: "API", Metadata: entity.Metadata{Name: "orders", Namespace: "default"}, Spec: map[string]any{"type": "x", "definition": definition}}
}

func TestOperationsOfDefinitions(t *testing.T) {
	for name, c := range map[string]struct {
		definition any
		want       []string
	}{
		"OpenAPI": {`openapi: 3.1.0
info:
  title: Orders
paths:
  /orders:
    get:
      operationId: listOrders
      summary: All orders
    post:
      operationId: createOrder
  "/orders/{id}":
    delete:
      summary: Cancel
components:
  schemas:
    Order:
      type: object
`, []string{"GET /orders", "POST /orders", "DELETE /orders/{id}"}},
		"OpenAPI in JSON": {map[string]any{"openapi": "3.0.0", "paths": map[string]any{"/pets": map[string]any{"get": map[string]any{"operationId": "listPets"}}}},
			[]string{"GET /pets"}},
		"AsyncAPI": {`asyncapi: 3.0.0
channels:
  orders.placed:
    address: orders/placed
    messages:
      placed: {}
  orders.cancelled:
    description: Too late
operations:
  onPlaced:
    action: receive
`, []string{"channel orders.placed", "channel orders.cancelled"}},
		"GraphQL": {`type Query {
  order(id: ID!): Order
  orders: [Order!]!
}
type Order {
  total: Int
}
`, []string{"type Query", "Query.order", "Query.orders", "type Order"}},
		"protobuf": {`syntax = "proto3";
service Orders {
  // Places an order.
  rpc Place(PlaceRequest) returns (Order);
}
message Order {
  int64 id = 1;
}
`, []string{"service Orders", "Orders.Place", "message Order"}},
		"broken":  {"openapi: [\n  /x:\n      get: # all\n", []string{"GET /x"}},
		"nothing": {nil, nil},
	} {
		var got []string
		for _, s := range operations(apiWith(c.definition)) {
			got = append(got, s.Heading)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s gives %q, want %q", name, got, c.want)
		}
	}
}

func TestAnOperationIsFoundByItsName(t *testing.T) {
	e := apiWith("openapi: 3.1.0\npaths:\n  /orders/{id}:\n    delete:\n      operationId: cancelOrder\n      summary: Takes it back\n")
	x := openIndex(t, Documents(entity.NewCatalog([]*entity.Entity{e}), nil))
	for _, q := range []string{"cancelOrder", "cancel order", "delete orders", "takes it back"} {
		if got := urls(t, x, q, 1); !slices.Equal(got, []string{"/catalog/default/api/orders/"}) {
			t.Errorf("%q finds %q", q, got)
		}
	}
}

func FuzzOperations(f *testing.F) {
	f.Add("paths:\n  /a:\n    get:\n")
	f.Add("channels:\n  a:\nb:\n")
	f.Add("service A {\n rpc B(")
	f.Fuzz(func(t *testing.T, definition string) {
		if n := len(operations(apiWith(definition))); n > maxOperations {
			t.Errorf("%d operations", n)
		}
	})
}
