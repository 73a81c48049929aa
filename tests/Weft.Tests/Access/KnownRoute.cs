using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Weft.Http.Access;
using Weft.Serve;
using Weft.Core.Storage;
using Weft.Testing.Stores;

namespace Weft.Tests.Access;

/// <summary>Every route of the coordinator as it is put together, with who may use it.</summary>
internal sealed record KnownRoute(string Method, string Path, RouteAccess? Access)
{
    public override string ToString() => $"{Method} {Path}";

    /// <summary>A path that the route matches.</summary>
    public string Example =>
        Path.Replace("{id}", "1", StringComparison.Ordinal).Replace("{queue}", "q", StringComparison.Ordinal)
            .Replace("{sha256}", new string('0', 64), StringComparison.Ordinal);

    public static async Task<List<KnownRoute>> AllAsync()
    {
        await using var place = await TestStore.NewAsync();
        var app = await CoordinatorApp.BuildAsync(new() { Data = place.Folder, Store = place.Database, Port = 0 });
        var store = app.Services.GetRequiredService<ITaskStore>();
        var routes = Of(app);
        await app.DisposeAsync();
        await store.DisposeAsync();
        return routes;
    }

    private static List<KnownRoute> Of(IEndpointRouteBuilder app) =>
    [
        .. from source in app.DataSources
           from endpoint in source.Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
           select new KnownRoute(method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<RouteAccess>()),
    ];
}
