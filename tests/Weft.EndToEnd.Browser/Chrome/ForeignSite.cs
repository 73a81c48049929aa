using System.Net;
using System.Text;
using Microsoft.Playwright;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>
/// A web site that isn't the coordinator's: one page, on a port of its own, under any name of this machine.
/// </summary>
internal sealed class ForeignSite : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly int port = FreePort.Next();
    private readonly Task serving;

    public ForeignSite()
    {
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Prefixes.Add($"http://localhost:{port}/");
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>Opens its page by a name of this machine.</summary>
    public async Task<IPage> OpenAsync(Chromium chromium, string host)
    {
        var context = await chromium.Browser.NewContextAsync();
        context.SetDefaultTimeout((float)Eventually.Max.TotalMilliseconds);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"http://{host}:{port}/");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        var page = Encoding.UTF8.GetBytes("<!doctype html><title>Foreign</title><iframe name=sink></iframe>");
        while (true)
        {
            try
            {
                var context = await listener.GetContextAsync();
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.OutputStream.WriteAsync(page);
                context.Response.Close();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
