using System.Text;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class PayloadTests
{
    public static TheoryData<string> JsonPayloads =>
    [
        """{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}""",
        """ { "spaces" :  [ 1 ,2 ] } """,
        "{\r\n\t\"lines\": true\r\n}\n",
        """{"unicode":"Zoë, 数学, 🧵, \u00e9\ud83e\uddf5"}""",
        """{"escapes":"\" \\ \/ \b \f \n \r \t \u0000 \u001f </script>"}""",
        """{"large":123456789012345678901234567890.123456789e-400,"exact":9007199254740993,"negativeZero":-0.0}""",
        """{"twice":1,"twice":2}""",
        """["lone surrogate","\ud800"]""",
        "42",
        "\"a string\"",
        "null",
    ];

    public static TheoryData<string> TextPayloads =>
    [
        "not JSON",
        "{\"open\":",
        "{\"comma\":1,}",
        "// comment\n{}",
        "{} {}",
        "NaN",
        "quotes \" backslash \\ line\nreturn\rtab\t bell\u0007 nul\0 🧵 </script>",
        " ",
    ];

    [Theory]
    [MemberData(nameof(JsonPayloads))]
    public async Task AJsonPayload_IsHandedOut_ByteForByte(string payload)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await AssertHandedOutAsync(coordinator.Wire, payload);
    }

    [Theory]
    [MemberData(nameof(TextPayloads))]
    public async Task APayloadThatIsNotJson_IsHandedOut_AsOneJsonString(string payload)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.Wire.SubmitAsync(payload);
        var claim = await coordinator.Wire.ClaimAsync("worker");
        Assert.Equal(payload, JsonSerializer.Deserialize<string>(claim!.Data));
    }

    [Fact]
    public async Task APayloadOfAMegabyte_IsHandedOut_ByteForByte()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await AssertHandedOutAsync(coordinator.Wire, "[\"" + new string('x', 1 << 20) + "\"]");
    }

    [Fact]
    public async Task ADeepPayload_IsHandedOut_ByteForByte()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await AssertHandedOutAsync(coordinator.Wire, new string('[', 500) + new string(']', 500));
    }

    [Fact]
    public async Task Payloads_SurviveARestart_InTheirOrder()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        foreach (var payload in JsonPayloads) await coordinator.Wire.SubmitAsync(payload);
        await coordinator.KillAsync();
        await coordinator.StartAsync();

        foreach (var payload in JsonPayloads)
        {
            Assert.Equal(payload.Data.Trim(), (await coordinator.Wire.ClaimAsync("worker"))!.Data);
        }
    }

    [Fact]
    public async Task Ids_AscendFromOne_AcrossARestart()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(1, await coordinator.Wire.SubmitAsync("{}"));
        Assert.Equal(2, await coordinator.Wire.SubmitAsync("{}"));
        await coordinator.KillAsync();
        await coordinator.StartAsync();
        Assert.Equal(3, await coordinator.Wire.SubmitAsync("{}"));
    }

    private static async Task AssertHandedOutAsync(Wire wire, string payload)
    {
        var taskId = await wire.SubmitAsync(payload);
        var answer = await wire.GetAsync("/task/next?workerId=worker");
        Assert.Equal(200, answer.Status);
        Assert.Equal(taskId, answer.Json.GetProperty("taskId").GetInt64());
        Assert.True(answer.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(payload)) >= 0,
            $"{payload} is not in {answer}");
        Assert.Equal(payload.Trim(), answer.Json.GetProperty("data").GetRawText());
    }
}
