using Weft.Core.Workers;

namespace Weft.Core.Tests.Workers;

public sealed class BoardNameTests
{
    [Theory]
    [InlineData("Ada", "Ada")]
    [InlineData("  Class 7b, room 2 ", "Class 7b, room 2")]
    [InlineData("Zoë O'Brien", "Zoë O'Brien")]
    [InlineData("Zoe\u0308", "Zoe\u0308")]
    [InlineData("李明", "李明")]
    [InlineData("محمد", "محمد")]
    [InlineData("🦊", "🦊")]
    [InlineData("<b>bold</b>", "<b>bold</b>")]
    public void AName_IsTaken(string text, string name) => Assert.Equal(name, BoardName.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two  spaces")]
    [InlineData("two\nlines")]
    [InlineData("tab\tbed")]
    [InlineData("\u202Egnp.exe")]
    [InlineData("a\u2066b")]
    [InlineData("zero\u200Bwidth")]
    [InlineData("no\u00A0break")]
    [InlineData("\u2028")]
    [InlineData("\u001B[31mred")]
    [InlineData("\uE000")]
    [InlineData("half\uD83E")]
    [InlineData("\u0301alone")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\u115F\u1160")]
    [InlineData("\uFFA0")]
    [InlineData("\uFFFC")]
    [InlineData("a\u034Fb")]
    [InlineData("\u17B4")]
    [InlineData("\U0001D159")]
    [InlineData("Z\u0300\u0301\u0302\u0303")]
    public void WhatHidesOrPiles_IsRefused(string text) => Assert.Null(BoardName.Read(text));

    [Fact]
    public void ALongName_IsRefused()
    {
        Assert.NotNull(BoardName.Read(new('a', Limits.BoardNameCharsMax)));
        Assert.Null(BoardName.Read(new('a', Limits.BoardNameCharsMax + 1)));
    }
}
