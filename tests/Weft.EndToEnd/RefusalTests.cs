using System.Globalization;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class RefusalTests
{
    private const int BodyMax = 1_000;

    private static readonly byte[] NotUtf8 = [(byte)'"', 0xC3, 0x28, (byte)'"'];

    [Theory]
    [InlineData("/task")]
    [InlineData("/task/1/result")]
    public async Task AnEmptyBody_IsRefused_AndLeavesTheTaskAsItWas(string path)
    {
        await using var coordinator = await StartWithOneTaskAsync();
        await AssertRefusedAsync(400, coordinator.Wire, path, []);
    }

    [Theory]
    [InlineData("/task")]
    [InlineData("/task/1/result")]
    public async Task ABodyThatIsNotUtf8_IsRefused_AndLeavesTheTaskAsItWas(string path)
    {
        await using var coordinator = await StartWithOneTaskAsync();
        await AssertRefusedAsync(400, coordinator.Wire, path, NotUtf8);
    }

    [Theory]
    [InlineData("/task")]
    [InlineData("/task/1/result")]
    public async Task ABodyOverTheLimit_IsRefused_AndLeavesTheTaskAsItWas(string path)
    {
        await using var coordinator = await StartWithOneTaskAsync();
        await AssertRefusedAsync(413, coordinator.Wire, path, new byte[BodyMax + 1]);
    }

    [Fact]
    public async Task AChunkedBodyOverTheLimit_IsRefused()
    {
        await using var coordinator = await StartWithOneTaskAsync();
        using var content = new StreamContent(new MemoryStream(new byte[BodyMax + 1]));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(coordinator.Address, "/task"))
        {
            Content = content,
        };
        request.Headers.TransferEncodingChunked = true;
        using var http = new HttpClient();
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Equal(1, await coordinator.Wire.StatAsync("totalTasks"));
    }

    [Fact]
    public async Task ABodyAtTheLimit_IsAccepted()
    {
        await using var coordinator = await StartWithOneTaskAsync();
        await coordinator.Wire.SubmitAsync(new string('1', BodyMax));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("%31x")]
    public async Task AnIdThatIsNotAPositiveInteger_IsRefused(string id)
    {
        await using var coordinator = await StartWithOneTaskAsync();
        Assert.Equal("""400 {"error":"Invalid task ID"}""", (await coordinator.Wire.GetAsync($"/result/{id}"))
            .ToString());
        Assert.Equal("""400 {"error":"Invalid task ID"}""",
            (await coordinator.Wire.PostAsync($"/task/{id}/result", "1")).ToString());
    }

    [Fact]
    public async Task ATaskThatNobodySubmitted_IsNotFound()
    {
        await using var coordinator = await StartWithOneTaskAsync();
        Assert.Equal("""404 {"error":"Task not found"}""", (await coordinator.Wire.GetAsync("/result/2")).ToString());
        Assert.Equal("""404 {"error":"Task not found"}""", (await coordinator.Wire.PostAsync("/task/2/result", "1"))
            .ToString());
    }

    private static async Task<CoordinatorProcess> StartWithOneTaskAsync()
    {
        var coordinator = await CoordinatorProcess.StartNewAsync("--max-body-bytes",
            BodyMax.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(1, await coordinator.Wire.SubmitAsync("{}"));
        return coordinator;
    }

    private static async Task AssertRefusedAsync(int status, Wire wire, string path, byte[] body)
    {
        var answer = await wire.PostAsync(path, body);
        Assert.True(answer.Status == status, $"Expected {status} to {Encoding.Latin1.GetString(body)}, got {answer}");
        Assert.NotEmpty(answer.Json.GetProperty("error").GetString()!);
        Assert.Equal(1, await wire.StatAsync("totalTasks"));
        Assert.Equal(new Outcome("pending", "\"\""), await wire.OutcomeAsync(1));
    }
}
