namespace Weft.Http.StaticFiles;

/// <summary>
/// The Content-Security-Policy of the built-in pages. They load nothing from elsewhere, run no inline scripts, and
/// can't be framed by other sites. Files in the user's own folder get no policy.
/// </summary>
internal static class PagePolicy
{
    /// <summary>SHA-256 of the script within <c>sandbox.html</c>, including line ends.</summary>
    public const string SandboxScriptHash = "a7qtrim0LenVBp+Uw1sJmUA8GHnQ3l/hlc61W8wWvKk=";

    private const string Pages =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'none'; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    // Untrusted modules run here: with an opaque origin, no network connections, and no script except its own and what
    // the page passes in, since even loading one by its URL would be a request to the coordinator.
    private const string Sandbox =
        $"default-src 'none'; script-src 'sha256-{SandboxScriptHash}' blob: 'wasm-unsafe-eval'; worker-src blob:; " +
        $"sandbox allow-scripts; frame-ancestors 'self'";

    private const string SandboxPath = "/worker/sandbox.html";

    /// <summary>Adds the policy of the requested built-in file to the response headers.</summary>
    public static void Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Of(context.Request.Path);
        // Don't send other sites the URL that a link was followed from: it may belong to a private network.
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>The policy of the built-in file at a path.</summary>
    public static string Of(PathString path) => path.Value == SandboxPath ? Sandbox : Pages;
}
