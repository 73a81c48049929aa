using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

/// <summary>A client that sends all its requests at once, without waiting for answers.</summary>
public sealed partial class PipeliningTests
{
    private const int Pairs = 200;

    [Fact]
    public async Task RequestsSentAtOnce_AreAllAnswered_InOrder()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var host = coordinator.Address.Authority;
        var requests = new StringBuilder();
        for (var i = 1; i <= Pairs; i++)
        {
            requests.Append($"POST /task HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\n\r\n7");
            requests.Append($"GET /result/{i} HTTP/1.1\r\nHost: " +
                $"{host}\r\n{(i == Pairs ? "Connection: close\r\n" : "")}\r\n");
        }

        using var connection = new TcpClient();
        await connection.ConnectAsync(coordinator.Address.Host, coordinator.Port,
            TestContext.Current.CancellationToken);
        await connection.GetStream()
            .WriteAsync(Encoding.ASCII.GetBytes(requests.ToString()), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(connection.GetStream());
        var answers = await reader.ReadToEndAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var expected = Enumerable.Range(1, Pairs)
            .SelectMany(static i =>
            new[] { $$"""{"taskId":{{i}}}""", $$"""{"taskId":{{i}},"status":"pending","result":""}""" });
        Assert.Equal(expected, Bodies().Matches(answers).Select(static match => match.Value));
    }

    [GeneratedRegex(@"\{""taskId"".*?\}")]
    private static partial Regex Bodies();
}
