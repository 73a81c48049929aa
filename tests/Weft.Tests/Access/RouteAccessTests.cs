using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Weft.Core.Access;
using Weft.Http.Access;
using Weft.Serve;
using Weft.Storage.Sqlite;

namespace Weft.Tests.Access;

public sealed class RouteAccessTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-routes-");
    private readonly WebApplication _app;

    public RouteAccessTests() => _app = CoordinatorApp.Build(new() { Data = _folder.FullName, Port = 0 });

    public async ValueTask DisposeAsync()
    {
        var store = _app.Services.GetRequiredService<SqliteTaskStore>();
        await _app.DisposeAsync();
        await store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void EveryRoute_SaysWhoMayUseIt()
    {
        Assert.NotEmpty(Routes());
        Assert.Empty(_app.WithoutAccess());
    }

    [Fact]
    public void PublicRoutes_AreTheseAlone() =>
        Assert.Equal(["GET /health", "GET /health/live", "GET /health/ready"], Routes().Where(static route => route.Access.IsPublic).Select(static route => route.Name).Order());

    [Fact]
    public void RoutesThatChangeAnything_AreNotForReaders() =>
        Assert.All(Routes().Where(static route => !route.Name.StartsWith("GET ", StringComparison.Ordinal)), static route => Assert.False(route.Access.AnyOf.HasFlag(Scope.Read), route.Name));

    [Fact]
    public void ARouteWithoutAccess_StopsTheStart()
    {
        _app.MapGet("/forgotten", static () => "secret");
        var exception = Assert.Throws<InvalidOperationException>(_app.RequireAccessOnAll);
        Assert.Contains("/forgotten", exception.Message, StringComparison.Ordinal);
    }

    private List<(string Name, RouteAccess Access)> Routes() =>
    [
        .. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().Select(static endpoint =>
            ($"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {endpoint.RoutePattern.RawText}", endpoint.Metadata.GetMetadata<RouteAccess>()!)),
    ];
}
