namespace Weft.Http.StaticFiles;

/// <summary>
/// What the built-in pages may load and do, as a Content-Security-Policy. Nothing comes from elsewhere, nothing is written into
/// a page as script, and nobody else may frame them. The user's own folder gets no policy: its pages are the user's affair.
/// </summary>
internal static class PagePolicy
{
    /// <summary>SHA-256 of the script within <c>sandbox.html</c>, line ends included.</summary>
    public const string SandboxScriptHash = "M0WGF4ZTJ+PfcMXhxhnmQDpHwd8psOdp5XMctqrWgnk=";

    private const string Pages =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    // JavaScript modules live here: with an opaque origin, no connection to anywhere, and no script but its own and theirs,
    // since even loading one by its address would be a request to the coordinator.
    private const string Sandbox =
        $"default-src 'none'; script-src 'sha256-{SandboxScriptHash}' blob: 'wasm-unsafe-eval'; worker-src blob:; sandbox allow-scripts; frame-ancestors 'self'";

    private const string SandboxPath = "/worker/sandbox.html";

    /// <summary>Puts the policy of the built-in file that is asked for into the answer's headers.</summary>
    public static void Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Of(context.Request.Path);
        // Who follows a link out of a page is nobody's affair: the address may be one of a private network.
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>The policy of the built-in file at a path.</summary>
    public static string Of(PathString path) => path.Value == SandboxPath ? Sandbox : Pages;
}
