using Microsoft.Net.Http.Headers;
using Weft.Http.Bounds;

namespace Weft.Http.StaticFiles;

/// <summary>Serves the first folder's file that the path names; the framework handles conditions and ranges.</summary>
internal sealed partial class WebFileMiddleware(
    RequestDelegate next, WebFolderOptions options, LargeWebFiles large, ILogger<WebFileMiddleware> logger)
{
    private const string AllowedMethods = "GET, HEAD, OPTIONS";
    private const string BytesUnit = "bytes";

    private readonly WebFileCache _cache = new();

    private readonly WebFolder[] folders = options.WebFolder is { } users
        ? [new(users, isBuiltIn: false), new(options.BuiltInFolder, isBuiltIn: true)]
        : [new(options.BuiltInFolder, isBuiltIn: true)];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not null) return next(context);
        return WebPath.Parse(context.Request.Path) is { } path ? FindAsync(context, path) : next(context);
    }

    private async Task FindAsync(HttpContext context, WebPath path)
    {
        // A disk may be slow, and this may be a thread that serves many sockets.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await AnswerAsync(context, path);
    }

    private Task AnswerAsync(HttpContext context, WebPath path)
    {
        foreach (var folder in folders)
        {
            var file = folder.Find(path);
            if (file is null && !LacksSlash(folder, path)) continue;
            if (!IsRead(context.Request)) return RefuseMethodAsync(context);

            if (file is null) return RedirectAsync(context, path);
            if (folder.IsBuiltIn
                && (ForeignStart.RedirectOf(context.Request) ?? ForeignToken.RedirectOf(context.Request)) is { } page)
                return RedirectAsync(context, page);
            return SendAsync(context, folder, path, file);
        }

        return next(context);
    }

    private static bool LacksSlash(WebFolder folder, WebPath path) =>
        !path.NamesFolder && folder.Find(path.Index) is not null;

    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static Task RefuseMethodAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = AllowedMethods;
        return Task.CompletedTask;
    }

    // Without the slash, the page's relative links would miss its folder. The target is relative itself and starts with
    // a dot: it survives a proxy that strips a prefix, and no path can turn it into another host or scheme.
    private static Task RedirectAsync(HttpContext context, WebPath path)
    {
        context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        context.Response.Headers.CacheControl = WebFileHeaders.CacheControl(context.Request.Path);
        context.Response.Headers.Location =
            $"./{Uri.EscapeDataString(path.FileName)}/{Printable(context.Request.QueryString.Value ?? "")}";
        return Task.CompletedTask;
    }

    private static Task RedirectAsync(HttpContext context, string target)
    {
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = target;
        return Task.CompletedTask;
    }

    // The query is unchanged, and may have control characters, which no header may contain.
    private static string Printable(string query) => query.All(IsPrintable) ? query
        : string.Concat(query.Select(static character => IsPrintable(character) ? character.ToString()
            : Uri.EscapeDataString(character.ToString())));

    private static bool IsPrintable(char character) => character is > ' ' and < '\x7F';

    private async Task SendAsync(HttpContext context, WebFolder folder, WebPath path, FileInfo file)
    {
        foreach (var (candidate, coding) in Representations(context.Request, folder, path, file))
        {
            if (TryOpen(() => _cache.Open(candidate), candidate) is { } kept)
            {
                if (folder.IsBuiltIn) PagePolicy.Add(context);
                await SendAsync(context, path, kept, candidate.LastWriteTimeUtc, coding);
                return;
            }

            if (await TrySendOpenAsync(context, folder, path, candidate, coding)) return;
        }

        await next(context);
    }

    /// <summary>Sends a file that isn't cached. False: it doesn't exist, and nothing was sent.</summary>
    private async Task<bool> TrySendOpenAsync(HttpContext context, WebFolder folder, WebPath path, FileInfo file,
        ContentCoding? coding)
    {
        var client = ClientKey.Of(context);
        if (!await large.EnterAsync(client, context.RequestAborted))
        {
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable,
                "Too many large files are being sent.");
        }

        try
        {
            if (TryOpen(() => Open(file), file) is not { } stream) return false;
            if (folder.IsBuiltIn) PagePolicy.Add(context);
            // Read from the open file, so that tag, length and bytes belong together even if the file is replaced.
            await SendAsync(context, path, stream, File.GetLastWriteTimeUtc(stream.SafeFileHandle), coding);
            return true;
        }
        finally
        {
            large.Leave(client);
        }
    }

    private static IEnumerable<(FileInfo File, ContentCoding? Coding)> Representations(
        HttpRequest request, WebFolder folder, WebPath path, FileInfo file)
    {
        foreach (var coding in ContentCoding.Preferred(request.GetTypedHeaders().AcceptEncoding))
        {
            // A sibling older than its file was compressed from an earlier build.
            if (folder.Find(path.Sibling(coding.Suffix)) is { } sibling
                && sibling.LastWriteTimeUtc >= file.LastWriteTimeUtc)
                yield return (sibling, coding);
        }

        yield return (file, null);
    }

    private static async Task SendAsync(HttpContext context, WebPath path, Stream stream, DateTime lastWrite,
        ContentCoding? coding)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = WebFileHeaders.CacheControl(context.Request.Path);
        headers.AcceptRanges = BytesUnit;
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (coding is not null) headers.ContentEncoding = coding.Name;

        using var deadline = RequestDeadline.AbortingLate(context);
        await TypedResults.Stream(
            stream,
            WebFileHeaders.ContentType(path.FileName),
            lastModified: lastWrite,
            entityTag: WebFileHeaders.EntityTag(lastWrite, stream.Length, coding),
            enableRangeProcessing: WantsBytes(context.Request)).ExecuteAsync(context);
    }

    // RFC 9110 defines ranges only for GET, and ignores units other than bytes; the framework checks neither.
    private static bool WantsBytes(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.GetTypedHeaders().Range is { } range
        && range.Unit.Equals(BytesUnit, StringComparison.OrdinalIgnoreCase);

    private static FileStream Open(FileInfo file) => new(file.FullName, new FileStreamOptions
    {
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    });

    private T? TryOpen<T>(Func<T?> open, FileInfo file) where T : class
    {
        try
        {
            return open();
        }
        catch (UnauthorizedAccessException)
        {
            LogUnreadable(file.FullName);
            return null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning,
        Message = "{File} is in a web folder but can't be read; it is answered as if it didn't exist")]
    private partial void LogUnreadable(string file);
}
