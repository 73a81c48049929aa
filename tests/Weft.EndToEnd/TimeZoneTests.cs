using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

/// <summary>The machine's own zone changes nothing.</summary>
public sealed class TimeZoneTests
{
    [Theory]
    [InlineData("Asia/Tokyo")]
    [InlineData("America/New_York")]
    [InlineData("UTC")]
    public async Task ARunAt_WithoutAZone_IsUtc(string zone)
    {
        await using var coordinator = await CoordinatorProcess.StartNewInZoneAsync(zone);
        var hour = TimeProvider.System.GetUtcNow().AddHours(1)
            .ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (given,
            kept) in new[] { (hour, $"{hour}.000Z"), ($"{hour}Z", $"{hour}.000Z"), ($"{hour}+00:00", $"{hour}.000Z"),
            ("2027-06-01", "2027-06-01T00:00:00.000Z"), ("2027-06-01T12:00:00+09:00", "2027-06-01T03:00:00.000Z") })
        {
            var answer = await coordinator.Wire.PostAsync("/api/v1/tasks", $$"""{"payload":1,"runAt":"{{given}}"}""");
            Assert.True(answer.Status == 201, $"{given}: {answer}");
            var task = await coordinator.Wire.GetAsync($"/api/v1/tasks/{answer.Json.GetProperty("id")}");
            Assert.Equal((given, kept), (given, task.Json.GetProperty("runAt").GetString()));
        }
    }
}
