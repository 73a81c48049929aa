using System.Reflection;
using Weft.Contracts;
using Weft.Core.Access;
using Weft.Tests.Access;

namespace Weft.Tests.OpenApi;

/// <summary>The document is held against the routes, the contracts and the codes.</summary>
public sealed class OpenApiDocumentTests
{
    private readonly OpenApiDocument _document = new();

    [Fact]
    public async Task EveryRoute_IsInTheDocument_AndNothingElse()
    {
        var routes = (await KnownRoute.AllAsync()).Where(static route => route.Method != "HEAD")
            .Select(static route => route.ToString());
        Assert.Equal(routes.Order(), _document.Operations.Keys.Order());
    }

    [Fact]
    public async Task EveryOperation_NamesTheScopesThatItsRouteRequires()
    {
        foreach (var route in (await KnownRoute.AllAsync()).Where(static route => route.Method != "HEAD"))
        {
            var named = _document.Operations[route.ToString()]["security"]?.AsArray()
                .Select(static any => any!["token"]![0]!.GetValue<string>()) ?? [];
            Assert.Equal(ScopeText.Of(route.Access!.AnyOf), named);
        }
    }

    [Fact]
    public void EveryRecordOfTheContracts_IsASchema_WithTheSameMembers()
    {
        // Where the path says what a batch's item says itself, the members differ.
        var records = typeof(WireJson).Assembly.GetExportedTypes()
            .Where(static type => WireJson.Default.GetTypeInfo(type) is not null && type != typeof(SettleItem))
            .ToList();
        Assert.True(records.Count > 15);
        Assert.All(records, record =>
        {
            var members = WireJson.Default.GetTypeInfo(record)!.Properties.Select(static member => member.Name);
            var schema = Assert.Single(_document.Schemas, named => named.Key == record.Name).Value!;
            Assert.Equal(members.Order(), schema["properties"]!.AsObject().Select(static member => member.Key).Order());
        });
    }

    [Fact]
    public void EveryCode_IsDocumented_WithAnExample()
    {
        var codes =
            typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(static code => (string)code.GetRawConstantValue()!).Order().ToList();
        Assert.Equal(codes,
            _document.Schemas["ProblemCode"]!["enum"]!.AsArray().Select(static code => code!.GetValue<string>())
                .Order());
        Assert.Equal(codes, _document.Responses.SelectMany(OpenApiDocument.Codes).Distinct().Order());
    }

    [Fact]
    public void EveryExample_IsAsItsSchemaSays()
    {
        var checkedExamples = 0;
        foreach (var (name, operation) in _document.Operations)
        {
            var bodies = operation["responses"]!.AsObject().Select(static response => response.Value!)
                .Append(operation["requestBody"]).OfType<System.Text.Json.Nodes.JsonNode>();
            foreach (var media in bodies.Select(static body => body["content"])
                .OfType<System.Text.Json.Nodes.JsonObject>().SelectMany(static content => content)
                .Select(static media => media.Value!))
            {
                _document.Check(media["schema"]!, media["example"]!.ToJsonString(), name);
                checkedExamples++;
            }
        }

        foreach (var example in _document.Responses.SelectMany(static response =>
            response["content"]!["application/problem+json"]?["examples"]?.AsObject() ?? []))
        {
            _document.Check(_document.Schemas["Problem"]!, example.Value!["value"]!.ToJsonString(), example.Key);
        }

        Assert.True(checkedExamples > 40);
    }
}
