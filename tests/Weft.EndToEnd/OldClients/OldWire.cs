using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Weft.EndToEnd.OldClients;

/// <summary>
/// How the old clients talk: the status code is a string to them, a lost connection is tried again for ever,
/// and between two tries they wait for one polling interval.
/// </summary>
internal sealed class OldWire(Uri address, TimeSpan pollInterval) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address };

    public Task<(string Code, string Body)> GetAsync(string path, CancellationToken stop) =>
        RetryAsync(() => http.GetAsync(new Uri(path, UriKind.Relative), stop), stop);

    public Task<(string Code, string Body)> PostAsync(string path, object body, CancellationToken stop) =>
        RetryAsync(() => http.PostAsync(new Uri(path, UriKind.Relative), Json(body), stop), stop);

    public Task PauseAsync(CancellationToken stop) => Task.Delay(pollInterval, TimeProvider.System, stop);

    public void Dispose() => http.Dispose();

    private async Task<(string Code, string Body)> RetryAsync(Func<Task<HttpResponseMessage>> send,
        CancellationToken stop)
    {
        while (true)
        {
            try
            {
                using var response = await send();
                var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
                return (code, await response.Content.ReadAsStringAsync(stop));
            }
            catch (HttpRequestException)
            {
                await PauseAsync(stop);
            }
        }
    }

    private static StringContent Json(object body) =>
        new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
