using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Weft.Http.Bounds;
using Weft.Http.StaticFiles;

namespace Weft.Tests.StaticFiles;

/// <summary>
/// A server with nothing but the files of two temporary folders, the route <c>/health</c>, and an "API" behind
/// them that answers 404 with <see cref="ApiNotFound"/>. Beside the folders lies <c>secret.txt</c>.
/// </summary>
internal sealed class WebFolderServer : IAsyncDisposable
{
    public const string ApiNotFound = "the API's own 404";
    public const string Secret = "nobody may read this";

    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("weft-web-");
    private readonly WebApplication app;

    private WebFolderServer()
    {
        Web = home.CreateSubdirectory("web").FullName;
        BuiltIn = home.CreateSubdirectory("built-in").FullName;
        SecretFile = Path.Combine(home.FullName, "secret.txt");
        File.WriteAllText(SecretFile, Secret);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(new ServeBounds()).AddSingleton(TimeProvider.System);
        builder.Services.AddWeftStaticFiles(new WebFolderOptions { WebFolder = Web, BuiltInFolder = BuiltIn });
        app = builder.Build();
        app.UseRouting();
        app.UseWeftStaticFiles();
        app.MapGet("/health", () => TypedResults.Text("healthy"));
        app.Use((context, next) => context.GetEndpoint() is null ? AnswerAsTheApi(context) : next(context));
    }

    public string Web { get; }

    public string BuiltIn { get; }

    public string SecretFile { get; }

    public static async Task<WebFolderServer> StartAsync()
    {
        var server = new WebFolderServer();
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Writes a file below the user's folder, and the folders on the way.</summary>
    public string Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string path, byte[] content)
    {
        var file = Path.Combine(Web, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
        return file;
    }

    public Task<RawResponse> GetAsync(string target, params string[] headers) => SendAsync("GET", target, headers);

    public Task<RawResponse> SendAsync(string method, string target, params string[] headers) =>
        RawResponse.SendAsync(new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.Single()).Port), method, target,
            headers);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        home.Delete(recursive: true);
    }

    private static Task AnswerAsTheApi(HttpContext context) =>
        TypedResults.Text(ApiNotFound, statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);
}
