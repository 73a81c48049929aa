using Weft.Core.Modules.Packages;

namespace Weft.Core.Tests.Modules.Packages;

/// <summary>Versions, ranges of them, requirements and the names of wheels, as Python's packaging has them.</summary>
public sealed class PackageNamesTests
{
    // Each before the next: the order of the specification, and more.
    private static readonly string[] InOrder =
    [
        "0.9", "1.0.dev1", "1.0a1.dev2", "1.0a1", "1.0-alpha.2", "1.0b1", "1.0rc1", "1.0", "1.0.post1.dev3",
        "1.0.post1", "1.0-2", "1.0.1", "1.9", "1.10", "2024.1", "1!0.1",
    ];

    [Fact]
    public void Versions_AreOrdered_AsTheSpecificationHasThem()
    {
        var versions = InOrder.Select(static text => PackageVersion.TryParse(text)!).ToArray();
        Assert.Equal(
            InOrder, versions.Reverse().Order(PackageVersion.Order).Select(static version => version.ToString()));
        Assert.Equal(0, PackageVersion.TryParse("1.0")!.CompareTo(PackageVersion.TryParse("V1.0.0+linux")!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("1.0 ")]
    [InlineData("1.0-x")]
    [InlineData("9999999999999999999")]
    public void WhatIsNoVersion_IsNone(string text) => Assert.Null(PackageVersion.TryParse(text));

    [Theory]
    [InlineData("", "1.0", true)]
    [InlineData(">=1.2, <3", "2.9", true)]
    [InlineData(">=1.2, <3", "3.0", false)]
    [InlineData("==1.2.*", "1.2.7", true)]
    [InlineData("==1.2.*", "1.20", false)]
    [InlineData("!=1.2.*", "1.2.7", false)]
    [InlineData("==1.2", "1.2.0", true)]
    [InlineData("~=1.4.2", "1.4.9", true)]
    [InlineData("~=1.4.2", "1.5", false)]
    [InlineData("~=1.4", "1.9", true)]
    [InlineData("!=1.3", "1.3", false)]
    public void ARange_AllowsWhatItSays(string range, string version, bool allows) =>
        Assert.Equal(allows, VersionRange.TryParse(range)!.Allows(PackageVersion.TryParse(version)!));

    [Theory]
    [InlineData("=1")]
    [InlineData(">=1.*")]
    [InlineData(">=1,,<2")]
    [InlineData("1.0")]
    public void WhatIsNoRange_IsNone(string text) => Assert.Null(VersionRange.TryParse(text));

    [Theory]
    [InlineData("Foo.Bar_baz", "foo-bar-baz", null, false)]
    [InlineData("requests[socks, Use_X] (>=2.0)", "requests>=2.0", null, false)]
    [InlineData("idna>=3,<4", "idna>=3,<4", null, false)]
    [InlineData("pytest ; extra == 'test'", "pytest", "test", false)]
    [InlineData("tomli>=1; python_version < \"3.11\" and extra == 'toml'", "tomli>=1", "toml", true)]
    [InlineData("colorama; sys_platform=='win32'", "colorama", null, true)]
    [InlineData("local @ https://example.com/x.whl", "local", null, false)]
    public void ARequirement_IsRead(string text, string shown, string? extra, bool isConditional)
    {
        var read = PackageRequirement.TryParse(text)!;
        Assert.Equal((shown, extra, isConditional), (read.ToString(), read.OfExtra, read.IsConditional));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("a==")]
    [InlineData("../a")]
    public void WhatIsNoRequirement_IsNone(string text) => Assert.Null(PackageRequirement.TryParse(text));

    [Theory]
    [InlineData("idna-3.4-py3-none-any.whl", "idna", "3.4", true)]
    [InlineData("Foo_Bar-1.0-1-py2.py3-none-any.whl", "foo-bar", "1.0", true)]
    [InlineData("numpy-2.2.5-cp314-cp314-pyemscripten_2026_0_wasm32.whl", "numpy", "2.2.5", false)]
    [InlineData("x-1-cp313-cp313-pyodide_2025_0_wasm32.whl", "x", "1", false)]
    public void AWheelsName_SaysWhatItIs(string name, string package, string version, bool isPure)
    {
        var read = WheelName.TryParse(name, out var fault)!;
        Assert.Null(fault);
        Assert.Equal((package, version, isPure), (read.Package, read.Version.ToString(), read.IsPure));
    }

    [Theory]
    [InlineData(null, "A wheel's name must be its file's name")]
    [InlineData("../idna-3.4-py3-none-any.whl", "A wheel's name must be its file's name")]
    [InlineData("idna-3.4-py3-none-any.zip", "A wheel's name must be its file's name")]
    [InlineData("idna-new-py3-none-any.whl", "A wheel's name must be its file's name")]
    [InlineData("idna-3.4-py2-none-any.whl", "The wheel is for Python 2.")]
    [InlineData("fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "The wheel has code for manylinux_2_17_x86_64:")]
    public void OtherNames_AreRefused(string? name, string says)
    {
        Assert.Null(WheelName.TryParse(name, out var fault));
        Assert.StartsWith(says, fault, StringComparison.Ordinal);
    }
}
