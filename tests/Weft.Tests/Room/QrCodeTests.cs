using Weft.Serve.Room;

namespace Weft.Tests.Room;

/// <summary>QR codes: where their marks are, and how large they are.</summary>
public sealed class QrCodeTests
{
    [Fact]
    public void ACode_HasItsMarks_AndGrowsWithItsText()
    {
        var sizes = new List<int>();
        foreach (var length in (int[])[1, 17, 18, 100, 200, 271])
        {
            var code = QrCode.Of(new string('a', length));
            var size = code.GetLength(0);
            sizes.Add(size);
            // Three finders: seven dark modules, and light ones around them.
            Assert.All(((int, int)[])[(0, 0), (0, size - 7), (size - 7, 0)], corner =>
                Assert.All(Enumerable.Range(0, 7), i => Assert.True(code[corner.Item1, corner.Item2 + i])));
            Assert.False(code[7, 7]);
            Assert.True(code[size - 8, 8]);
        }

        Assert.Equal([21, 21, 25, 37, 53, 57], sizes);
        Assert.Throws<ArgumentException>(() => QrCode.Of(new string('a', 272)));
    }
}
