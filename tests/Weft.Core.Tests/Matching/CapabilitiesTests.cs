using Weft.Core.Matching;

namespace Weft.Core.Tests.Matching;

public class CapabilitiesTests
{
    [Fact]
    public void Text_IsSortedWithTheLargestAmountOfEachName() =>
        Assert.Equal("memory=8192 simd", Capabilities.TryParse(["simd", "memory=4096", "memory=8192"])!.Text);

    [Fact]
    public void EqualSets_AreEqual()
    {
        var a = Capabilities.TryParse(["simd", "gpu=2"])!;
        var b = Capabilities.TryParse(["gpu=2", "simd=0", "simd"])!;
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.NotEqual(a, Capabilities.None);
    }

    [Theory]
    [InlineData("memory>=1")]
    [InlineData("Memory=1")]
    [InlineData("memory=")]
    [InlineData("memory=x")]
    [InlineData("memory\n")]
    public void TryParse_OfWhatIsNoCapability_IsRefused(string label) => Assert.Null(Capabilities.TryParse([label]));

    [Fact]
    public void TryParse_OfTooMany_IsRefused() =>
        Assert.Null(
            Capabilities.TryParse([.. Enumerable.Range(0, Limits.CapabilitiesMax + 1).Select(static i => $"c{i}")]));

    [Fact]
    public void TryParse_OfNothing_IsNone() => Assert.Equal(Capabilities.None, Capabilities.TryParse([]));
}
