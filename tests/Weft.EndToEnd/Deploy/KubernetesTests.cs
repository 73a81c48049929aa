using k8s;
using k8s.Models;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>The manifests, read as the API's own types: a member that Kubernetes doesn't know is an error.</summary>
public sealed class KubernetesTests
{
    private static readonly V1Deployment Deployment = Read<V1Deployment>("deployment.yaml");

    private static V1PodSpec Pod => Deployment.Spec.Template.Spec;

    private static V1Container Container => Assert.Single(Pod.Containers);

    [Fact]
    public void TheServiceAndTheBudget_MeanTheCoordinatorsPods()
    {
        var labels = Deployment.Spec.Template.Metadata.Labels;
        var service = Read<V1Service>("service.yaml");
        Assert.Equal(labels, Deployment.Spec.Selector.MatchLabels);
        Assert.Equal(labels, service.Spec.Selector);
        Assert.Equal(labels, Read<V1PodDisruptionBudget>("poddisruptionbudget.yaml").Spec.Selector.MatchLabels);
        Assert.Equal(Assert.Single(Container.Ports).Name, Assert.Single(service.Spec.Ports).TargetPort.Value);
    }

    [Fact]
    public void ThePod_RunsAsNobodyInParticular_AndKeepsNothing()
    {
        Assert.True(Pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", Pod.SecurityContext.SeccompProfile.Type);
        Assert.True(Container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(Container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal("ALL", Assert.Single(Container.SecurityContext.Capabilities.Drop));
        Assert.Null(Pod.Volumes);
        Assert.False(Pod.AutomountServiceAccountToken);
        // A Service called weft would otherwise set WEFT_PORT to an address.
        Assert.False(Pod.EnableServiceLinks);
        Assert.Contains($"USER {Pod.SecurityContext.RunAsUser}:{Pod.SecurityContext.RunAsGroup}\n",
            DeployFiles.Read("Containerfile"), StringComparison.Ordinal);
        Assert.Contains($"EXPOSE {Container.Ports[0].ContainerPort}\n", DeployFiles.Read("Containerfile"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheConnectionString_ComesFromTheSecret()
    {
        var store = Assert.Single(Container.Env, static variable => variable.Name == "WEFT_STORE");
        var secret = Read<V1Secret>("secret.example.yaml");
        Assert.Equal(secret.Metadata.Name, store.ValueFrom.SecretKeyRef.Name);
        Assert.Contains(store.ValueFrom.SecretKeyRef.Key, secret.StringData.Keys);
    }

    [Fact]
    public async Task TheProbes_AskForWhatTheCoordinatorAnswers()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        foreach (var probe in new[] { Container.ReadinessProbe, Container.LivenessProbe })
        {
            Assert.Equal(Container.Ports[0].Name, probe.HttpGet.Port.Value);
            Assert.Equal(200, (await coordinator.Wire.GetAsync(probe.HttpGet.Path)).Status);
        }

        Assert.NotEqual(Container.ReadinessProbe.HttpGet.Path, Container.LivenessProbe.HttpGet.Path);
    }

    [Fact]
    public void TheKustomization_NamesWhatIsThere()
    {
        string[] named = [.. DeployFiles.Read("kubernetes/kustomization.yaml").Split('\n')
            .Where(static line => line.StartsWith("  - ", StringComparison.Ordinal)).Select(static line => line[4..])];
        string[] there = [.. Directory.GetFiles(DeployFiles.PathOf("kubernetes"))
            .Select(static path => Path.GetFileName(path)!).Except(["kustomization.yaml", "secret.example.yaml"])];
        Assert.Equal(there.Order(), named.Order());
    }

    private static T Read<T>(string file) =>
        Assert.IsType<T>(
            Assert.Single(KubernetesYaml.LoadAllFromString(DeployFiles.Read($"kubernetes/{file}"), strict: true)));
}
