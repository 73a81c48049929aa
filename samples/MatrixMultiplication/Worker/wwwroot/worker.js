// The dedicated worker: .NET boots here, apart from the page, so that a hidden tab's slow timers don't hold it up.
// It gets {token}, {start}, {pause} and {waits} from the page, and tells {kind, …} what happens.
import { dotnet } from './_framework/dotnet.js';

const settings = new URL(self.location.href).searchParams;

try {
  const runtime = await dotnet
    .withApplicationArguments(settings.get('coordinator'), settings.get('poll'))
    .create();
  runtime.setModuleImports('page', {
    tellReady: (workerId) => postMessage({ kind: 'Ready', text: workerId }),
    tell: (kind, taskId, text) => postMessage({ kind, taskId, text }),
  });

  const assembly = runtime.getConfig().mainAssemblyName;
  const { Tab: tab } = await runtime.getAssemblyExports(assembly);
  self.addEventListener('message', ({ data }) => {
    if (data.kind === 'token') tab.SetToken(data.token);
    if (data.kind === 'waits') tab.SetWaits(data.waits);
    if (data.kind === 'pause') tab.Pause();
    if (data.kind === 'start') tab.Start().catch(tellBroken);
  });
  await runtime.runMain();
} catch (error) {
  tellBroken(error);
}

function tellBroken(error) {
  postMessage({ kind: 'Broken', text: String(error?.message ?? error) });
}
