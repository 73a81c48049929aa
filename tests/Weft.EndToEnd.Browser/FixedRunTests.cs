using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>What <c>fixed</c> promises: the same bytes on every machine and by every compiler.</summary>
public sealed class FixedRunTests(Chromium chromium)
{
    private const string Fixed = """{"fixed":true}""";

    [Theory]
    [InlineData("")]
    [InlineData("--no-liftoff")]
    [InlineData("--liftoff-only")]
    public async Task Nans_AreTheSame_HotAndCold_ByBothCompilers(string compiler)
    {
        await using var browser =
            await chromium.LaunchAnotherAsync(compiler.Length > 0 ? $"--js-flags={compiler}" : "");
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator, browser: browser);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync("nan");
        await profile.StartWorkerAsync();

        var finished = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", Fixed));

        const string shown =
            "nan nan 7ff8000000000000 7ff8000000000000 7fc00000 3ff0000000000000 7ff8000000000000 7fc00000 ";
        Assert.Equal(new("completed", $"\"{shown}{shown}\"", null), finished);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task RelaxedSimd_DoesntRunFixed_AndSaysSo_AndRunsOtherwise()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var module = await submitter.PushAsync(Relaxed(), "application/wasm");
        await profile.StartWorkerAsync();

        var task = await submitter.SubmitAsync(module, "1", Fixed, attempts: 3);

        Assert.Equal(new("dead", null, "The module uses relaxed SIMD, whose results differ between processors: build " +
            "it without, or run it without \"fixed\"."), await submitter.FinishAsync(task));
        Assert.Equal(1, (await submitter.LookAsync(task)).GetProperty("attempt").GetInt32());
        var free = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));
        Assert.Equal(new("completed", "\"\"", null), free);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AMemoryThatTheSystemDoesntLetGrow_Traps_AndOneAtItsLimitDoesNot()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var page = await profile.OpenTabAsync("/worker/");
        var module = await WasiModules.BuildAsync("eat");

        // The task's limit is 64 MB, and the system, which is the memory that it gets here, gives 20 or 64.
        var ends = await page.EvaluateAsync<string[]>(
            """
            async (bytes) => {
              const { boxed } = await import('/worker/wasm-box.js');
              const { Wasi } = await import('/worker/wasi.js');
              const { sectionsOf } = await import('/worker/wasm-binary.js');
              return [20, 64].map((megabytes) => {
                const code = boxed(Uint8Array.from(bytes), 64, true).bytes();
                const memory = sectionsOf(code).find(({ id }) => id === 5);
                // Its maximum is the last number: 64 MB are two bytes of LEB128.
                const pages = megabytes * 16;
                code.set([(pages & 127) | 128, pages >> 7], memory.end - 2);
                const wasi = new Wasi();
                const stdin = new Uint8Array(0);
                wasi.reset({ stdin, args: [], environment: [], fixed: true, stdoutBytesMax: 1000, files: null });
                const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), wasi.imports);
                wasi.attach(exports.memory);
                try {
                  exports._start();
                } catch (thrown) {
                  return wasi.ending === null ? String(thrown) : `${wasi.ending.code}: ${wasi.stderr.text}`;
                }
                return 'ended';
              });
            }
            """,
            module.Select(static each => (int)each).ToArray());

        Assert.Equal("RuntimeError: unreachable", ends[0]);
        Assert.Matches("^3: no more after 6[0-3] MB$", ends[1]);
    }

    // _start has v128.const three times, f32x4.relaxed_madd, drop.
    private static byte[] Relaxed()
    {
        byte[] vector = [0xFD, 12, .. new byte[16]];
        byte[] body = [0, .. vector, .. vector, .. vector, 0xFD, 0x85, 0x02, 0x1A, 0x0B];
        return
        [
            0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0,
            1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1,
            7, 19, 2, 6, .. "memory"u8, 2, 0, 6, .. "_start"u8, 0, 0,
            10, (byte)(body.Length + 2), 1, (byte)body.Length, .. body,
        ];
    }
}
