namespace Weft.Http.StaticFiles;

/// <summary>The 404 page for browsers, with a link to the home page. Programs get JSON.</summary>
internal static class NotFoundPage
{
    private static readonly byte[] Html = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Nothing here · Weft</title>
          <link rel="icon" href="data:,">
          <link rel="stylesheet" href="/weft.css">
        </head>
        <body>
          <header class="top"><a class="home" href="/">Weft</a><h1>Nothing here</h1></header>
          <main class="column">
            <p class="lead">This coordinator has no page at this address. <a href="/">Go to its first page.</a></p>
          </main>
        </body>
        </html>

        """u8.ToArray();

    /// <summary>
    /// Whether a browser navigates to a page. Requests of scripts and of the existing clients accept anything and don't
    /// name HTML.
    /// </summary>
    public static bool IsWanted(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return false;
        foreach (var accepted in request.Headers.Accept)
        {
            if (accepted?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true) return true;
        }

        return false;
    }

    public static Task AnswerAsync(HttpContext context)
    {
        PagePolicy.Add(context);
        return JsonResponse.WriteAsync(context, Html, StatusCodes.Status404NotFound, "text/html; charset=utf-8");
    }
}
