using Weft.Client.Http;

namespace Weft.Client.Tests;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("order\r\nAuthorization: Bearer x")]
    [InlineData("order\n")]
    [InlineData("\0")]
    public void AKeyThatWouldEndItsHeader_IsNotSent(string key) =>
        Assert.Throws<ArgumentException>(() => WeftRequest.Post("tasks") with { IdempotencyKey = key });

    [Theory]
    [InlineData("order 17")]
    [InlineData(null)]
    public void AnyOther_Is(string? key) =>
        Assert.Equal(key, (WeftRequest.Post("tasks") with { IdempotencyKey = key }).IdempotencyKey);
}
