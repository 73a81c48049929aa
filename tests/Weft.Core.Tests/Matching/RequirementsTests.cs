using CsCheck;
using Weft.Core.Matching;

namespace Weft.Core.Tests.Matching;

public class RequirementsTests
{
    private static readonly Gen<string> AnyLabel =
        Gen.Select(Gen.OneOf("gpu", "simd", "memory", "a.b", "x-y", "z_9"), Gen.Long[-2, 9])
            .Select(static (name, amount) => amount < 0 ? name : $"{name}>={amount}");

    private static readonly Gen<string[]> AnyLabels = AnyLabel.Array[0, Limits.RequirementsMax];

    [Fact]
    public void Text_IsTheSameInWhateverOrderTheLabelsCome() =>
        Gen.Select(AnyLabels, Gen.Int).Sample(static (labels, seed) =>
        {
            var shuffled = labels.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(Requirements.TryParse(labels), Requirements.TryParse(shuffled));
        });

    [Fact]
    public void Text_ReadsBackAsTheSameRequirements() => AnyLabels.Sample(static labels =>
    {
        var requirements = Requirements.TryParse(labels)!;
        Assert.Equal(requirements, Requirements.Parse(requirements.Text));
        Assert.Equal(requirements, Requirements.TryParse(requirements.Labels));
    });

    [Fact]
    public void Text_IsSortedWithTheLargestAmountOfEachName() =>
        Assert.Equal("gpu memory>=4096",
            Requirements.TryParse(["memory>=1024", "gpu>=0", "memory>=4096", "gpu"])!.Text);

    [Fact]
    public void None_IsMetByAnyWorker() => Assert.True(Requirements.None.AreMetBy(Capabilities.None));

    [Theory]
    [InlineData("gpu", "gpu", true)]
    [InlineData("gpu", "gpu=2", true)]
    [InlineData("gpu>=2", "gpu", false)]
    [InlineData("gpu>=2", "gpu=2", true)]
    [InlineData("gpu>=2", "gpu=3 simd", true)]
    [InlineData("gpu simd", "gpu", false)]
    [InlineData("gpu", "gpux", false)]
    [InlineData("gpu", "", false)]
    public void AreMetBy_NeedsEveryNameInItsAmount(string required, string had, bool met) =>
        Assert.Equal(met,
            Requirements.Parse(required)
                .AreMetBy(Capabilities.TryParse(had.Split(' ', StringSplitOptions.RemoveEmptyEntries))!));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("GPU")]
    [InlineData("gpu=2")]
    [InlineData("gpu>2")]
    [InlineData("gpu>=")]
    [InlineData("gpu>=-1")]
    [InlineData("gpu>=1.5")]
    [InlineData("gpu simd")]
    [InlineData("9gpu")]
    [InlineData("gpu\n")]
    [InlineData("gpu>=1\n")]
    [InlineData("gpu>=1000000000000000000")]
    public void TryParse_OfWhatIsNoRequirement_IsRefused(string label) => Assert.Null(Requirements.TryParse([label]));

    [Fact]
    public void TryParse_OfTooManyOrTooLong_IsRefused()
    {
        Assert.Null(
            Requirements.TryParse([.. Enumerable.Range(0, Limits.RequirementsMax + 1).Select(static i => $"r{i}")]));
        Assert.Null(Requirements.TryParse([new string('a', Limits.LabelCharsMax + 1)]));
    }

    [Fact]
    public void Parse_OfTextThatIsNotCanonical_Throws() =>
        Assert.Throws<FormatException>(() => Requirements.Parse("GPU"));

    [Theory]
    [InlineData("", true)]
    [InlineData("wasi", true)]
    [InlineData("files wasi", true)]
    [InlineData("memory>=4096 wasi", true)]
    [InlineData("pyodide python", true)]
    // Of these there can be any number, or they are asked for by no module.
    [InlineData("memory>=4095 wasi", false)]
    [InlineData("memory>=1024 wasi", false)]
    [InlineData("memory>=8192 wasi", false)]
    [InlineData("memory>=4096", false)]
    [InlineData("pyodide", false)]
    [InlineData("gpu wasi", false)]
    public void WhatAModuleBrings_IsNothingThatIsAskedFor(string text, bool asksForNothing) =>
        Assert.Equal(asksForNothing, Requirements.Parse(text).AsksForNothing);

    [Fact]
    public void Untokened_ReadsBackAsSuch_IsNoLabel_AndNoSubmitterCanWriteIt()
    {
        var wasi = Requirements.Untokened.And(Weft.Core.Modules.ModuleKind.Wasm);
        Assert.All((Requirements[])[Requirements.Untokened, wasi],
            static requires =>
                Assert.Equal((true, requires),
                    (Requirements.Parse(requires.Text).IsUntokened, Requirements.Parse(requires.Text))));
        Assert.NotEqual(Requirements.None, Requirements.Untokened);
        Assert.Empty(Requirements.Untokened.Labels);
        Assert.Equal(["wasi"], wasi.Labels);
        Assert.True(wasi is { RunsModule: true, AsksForNothing: true });
        Assert.Null(Requirements.TryParse(["~"]));
        Assert.Null(Requirements.TryParse(["~ wasi"]));
    }
}
