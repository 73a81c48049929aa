namespace Weft.Serve;

/// <summary>What the coordinator says when it has started: where it is, what it answers, where the data lies.</summary>
internal static class Banner
{
    public static void Print(TextWriter output, Uri url, ServeOptions options)
    {
        var address = url.ToString().TrimEnd('/');
        output.WriteLine(
            $"""

            Weft coordinator
              Address   {address}
              Data      {Path.GetFullPath(options.Data)}
              Web       {(options.Web is null ? "built-in pages only" : Path.GetFullPath(options.Web))}

              POST {address}/task               submit a task
              GET  {address}/task/next          claim the next task
              POST {address}/task/ID/result     post a result
              GET  {address}/result/ID          read a result
              GET  {address}/stats              counts
              GET  {address}/health             health

            Press Ctrl+C to stop.
            """);
        output.Flush();
    }
}
