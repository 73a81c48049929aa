using Weft.Core.Modules;

namespace Weft.Core.Tests.Modules;

public sealed class WasmCheckTests
{
    // One function that returns 42, exported: type, function, export, code, and a custom section before and behind.
    private const string Answer = "0061736D01000000" + "0004026E6100" + "010501600001" + "7F" + "03020100" + "0707010361736B0000" + "0A06010400412A0B" + "000401780102";

    [Theory]
    [InlineData("0061736D01000000")]
    [InlineData(Answer)]
    // Tags stand between memories and globals, data counts between elements and code: later additions to the format.
    [InlineData("0061736D01000000" + "0500" + "0D00" + "0600" + "0900" + "0C00" + "0A00" + "0B00")]
    [InlineData("0061736D01000000" + "008080808000")]
    public void Module_IsTaken_HoweverItIsCut(string hex) => Assert.Null(Check(hex));

    [Theory]
    [InlineData("", "not a WebAssembly module")]
    [InlineData("0061736D010000", "not a WebAssembly module")]
    [InlineData("3C21444F43545950", "not a WebAssembly module")]
    [InlineData("0061736D0D000100", "component")]
    [InlineData("0061736D01000100", "version 65537")]
    [InlineData("0061736D010000000E00", "At byte 8 section 14 begins, which WebAssembly does not have")]
    [InlineData("0061736D0100000001000100", "twice")]
    [InlineData("0061736D010000000A000300", "too late")]
    [InlineData("0061736D0100000006000D00", "too late")]
    [InlineData("0061736D01000000018080808010", "no 32-bit number")]
    [InlineData("0061736D010000000180808080808000", "no 32-bit number")]
    [InlineData("0061736D01000000017F00", "cut off")]
    [InlineData("0061736D0100000001", "cut off")]
    [InlineData("0061736D010000000180", "cut off")]
    public void WhatIsNoModule_IsRefused_HoweverItIsCut(string hex, string reason) => Assert.Contains(reason, Check(hex), StringComparison.Ordinal);

    [Fact]
    public void Module_CutOffAnywhereWithinASection_IsRefused()
    {
        var whole = Convert.FromHexString(Answer);
        var ends = Enumerable.Range(0, whole.Length).Where(length => Run(whole[..length], whole.Length) is null);
        // Where one section ends and the next begins, nothing shows that there was more.
        Assert.Equal([8, 14, 21, 25, 34, 42], ends);
    }

    /// <summary>The same verdict in one piece, byte by byte, and in threes.</summary>
    private static string? Check(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var whole = Run(bytes, Math.Max(1, bytes.Length));
        Assert.Equal(whole, Run(bytes, 1));
        Assert.Equal(whole, Run(bytes, 3));
        return whole;
    }

    private static string? Run(byte[] bytes, int pieceBytes)
    {
        var check = new WasmCheck();
        foreach (var piece in bytes.Chunk(pieceBytes))
        {
            if (check.Feed(piece) is { } fault) return fault;
        }

        return check.Finish();
    }
}
