namespace Weft.Http.StaticFiles;

/// <summary>The folders whose files are served besides the API, in order of precedence.</summary>
public sealed class WebFolderOptions
{
    /// <summary>The user's folder, absolute or relative to the working directory. Default: none.</summary>
    public string? WebFolder { get; set; }

    /// <summary>
    /// The pages that come with Weft, for paths that the user's folder doesn't have. Default: <c>wwwroot</c> next to
    /// the binary.
    /// </summary>
    public string BuiltInFolder { get; set; } = Path.Combine(AppContext.BaseDirectory, "wwwroot");
}
