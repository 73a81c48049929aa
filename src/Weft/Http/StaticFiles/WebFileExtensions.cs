namespace Weft.Http.StaticFiles;

/// <summary>Serves the files of <see cref="WebFolderOptions"/> in addition to the API.</summary>
public static class WebFileExtensions
{
    /// <summary>Registers the folders. A folder that doesn't exist (yet) has no files; it is not an error.</summary>
    public static IServiceCollection AddWeftStaticFiles(this IServiceCollection services, WebFolderOptions options) =>
        services.AddSingleton(options).AddSingleton<LargeWebFiles>();

    /// <summary>
    /// Answers requests for files and passes on all others. Belongs after routing: a request that already
    /// has an endpoint is passed on too, so a catch-all route (<c>MapFallback</c>) would hide every file.
    /// </summary>
    public static IApplicationBuilder UseWeftStaticFiles(this IApplicationBuilder app) =>
        app.UseMiddleware<WebFileMiddleware>();
}
