package io.vertikube.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row of every kind whose cells are more than a field; all were created two hours ago. */
class CellsTest {

    private static final TableRenderer RENDERER =
            new TableRenderer(type -> Optional.empty(), InstantSource.fixed(Instant.parse("2026-01-02T12:00:00Z")));

    @ParameterizedTest(name = "{0} {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "apps/deployments; 'spec':{'replicas':3,'selector':{'matchLabels':{'b':'2','a':'1'}},'template':{'spec':{'containers':[{'name':'c','image':'i:1'},{'name':'d','image':'j:1'}]}}},'status':{'readyReplicas':2,'updatedReplicas':1,'availableReplicas':2}; ['x','2/3',1,2,'120m','c,d','i:1,j:1','a=1,b=2']",
                "apps/daemonsets; 'spec':{'selector':{'matchExpressions':[{'key':'k','operator':'In','values':['b','a']}]},'template':{'spec':{'nodeSelector':{'n':'1'},'containers':[{'name':'c','image':'i'}]}}},'status':{'desiredNumberScheduled':5,'currentNumberScheduled':4,'numberReady':3,'updatedNumberScheduled':2,'numberAvailable':1}; ['x',5,4,3,2,1,'n=1','120m','c','i','k in (a,b)']",
                "apps/controllerrevisions; 'metadata':{'name':'x','creationTimestamp':'2026-01-02T10:00:00Z','ownerReferences':[{'controller':true,'apiVersion':'apps/v1','kind':'DaemonSet','name':'d'}]},'revision':2; ['x','daemonset.apps/d',2,'120m']",
                "/services; 'spec':{'type':'LoadBalancer','clusterIPs':['10.0.0.1'],'ports':[{'port':80,'protocol':'TCP','nodePort':30080},{'port':53,'protocol':'UDP'}],'selector':{'a':'1'}}; ['x','LoadBalancer','10.0.0.1','<pending>','80:30080/TCP,53/UDP','120m','a=1']",
                "/services; 'spec':{'type':'LoadBalancer','clusterIP':'10.0.0.1','externalIPs':['9.9.9.9']},'status':{'loadBalancer':{'ingress':[{'ip':'1.2.3.4'},{'hostname':'h'}]}}; ['x','LoadBalancer','10.0.0.1','1.2.3.4,h,9.9.9.9','<none>','120m','<none>']",
                "/services; 'spec':{'type':'ExternalName','externalName':'e.f'}; ['x','ExternalName','<none>','e.f','<none>','120m','<none>']",
                "/endpoints; 'subsets':[{'addresses':[{'ip':'1.1.1.1'},{'ip':'::1'}],'ports':[{'port':80},{'port':81}]}]; ['x','1.1.1.1:80,1.1.1.1:81,[::1]:80 + 1 more...','120m']",
                "/endpoints; 'subsets':[]; ['x','<none>','120m']",
                "discovery.k8s.io/endpointslices; 'addressType':'IPv4','ports':[{'port':80},{}],'endpoints':[{'addresses':['1.1.1.1']}]; ['x','IPv4','80,*','1.1.1.1','120m']",
                "/nodes; 'metadata':{'name':'x','creationTimestamp':'2026-01-02T10:00:00Z','labels':{'node-role.kubernetes.io/worker':'','node-role.kubernetes.io/control-plane':''}},'spec':{'unschedulable':true},'status':{'conditions':[{'type':'Ready','status':'True'}],'addresses':[{'type':'InternalIP','address':'10.1.1.1'}],'nodeInfo':{'kubeletVersion':'v1','osImage':'D','kernelVersion':'6','containerRuntimeVersion':'containerd://2'}}; ['x','Ready,SchedulingDisabled','control-plane,worker','120m','v1','10.1.1.1','<none>','D','6','containerd://2']",
                "/nodes; 'status':{}; ['x','Unknown','<none>','120m','','<none>','<none>','<unknown>','<unknown>','<unknown>']",
                "/persistentvolumes; 'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteMany','ReadWriteOnce'],'persistentVolumeReclaimPolicy':'Retain','claimRef':{'namespace':'n','name':'c'},'storageClassName':'s','volumeMode':'Block'},'status':{'phase':'Bound'}; ['x','1Gi','RWO,RWX','Retain','Bound','n/c','s','<unset>','','120m','Block']",
                "/persistentvolumeclaims; 'spec':{'volumeName':'v','storageClassName':'s','volumeAttributesClassName':'gold'},'status':{'phase':'Bound','capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOncePod']}; ['x','Bound','v','1Gi','RWOP','s','gold','120m','<unset>']",
                "/resourcequotas; 'status':{'hard':{'pods':'4','limits.cpu':'2','cpu':'1'},'used':{'cpu':'500m'}}; ['x','120m','cpu: 500m/1, pods: 0/4','limits.cpu: 0/2']",
                "/events; 'involvedObject':{'kind':'Pod','name':'p','fieldPath':'spec'},'type':'Warning','reason':'R','message':' m ','source':{'component':'c','host':'h'},'firstTimestamp':'2026-01-02T11:00:00Z','lastTimestamp':'2026-01-02T11:59:00Z','count':4; ['60s','Warning','R','pod/p','spec','c, h','m','60m',4,'x']",
                "/events; 'involvedObject':{'kind':'Node'},'type':'Normal','reason':'R','eventTime':'2026-01-02T11:59:00.000000Z','reportingComponent':'c','reportingInstance':'i','series':{'count':7,'lastObservedTime':'2026-01-02T11:59:58.000000Z'}; ['2s','Normal','R','node','','c, i','','60s',7,'x']",
                "events.k8s.io/events; 'regarding':{'kind':'Pod','name':'p'},'type':'Normal','reason':'R','note':'n','eventTime':'2026-01-02T11:59:00.000000Z','reportingController':'c'; ['60s','Normal','R','pod/p','','c','n','60s',1,'x']",
                "batch/jobs; 'spec':{'completions':3,'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}},'status':{'succeeded':1,'startTime':'2026-01-02T11:00:00Z','completionTime':'2026-01-02T11:00:42Z','conditions':[{'type':'SuccessCriteriaMet','status':'True'},{'type':'Complete','status':'True'}]}; ['x','Complete','1/3','42s','120m','c','i','<none>']",
                "batch/jobs; 'spec':{},'status':{'conditions':[{'type':'Suspended','status':'True'},{'type':'Failed','status':'False'}]}; ['x','Suspended','0/1','','120m','','','<none>']",
                "batch/jobs; 'spec':{},'metadata':{'name':'x','creationTimestamp':'2026-01-02T10:00:00Z','deletionTimestamp':'2026-01-02T11:00:00Z'}; ['x','Terminating','0/1','','120m','','','<none>']",
                "batch/jobs; 'spec':{'parallelism':4},'status':{}; ['x','Running','0/1 of 4','','120m','','','<none>']",
                "batch/cronjobs; 'spec':{'schedule':'* * * * *','suspend':false,'jobTemplate':{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}}},'status':{'active':[{}],'lastScheduleTime':'2026-01-02T11:59:00Z'}; ['x','* * * * *','<none>','False',1,'60s','120m','c','i','<none>']",
                "batch/cronjobs; 'spec':{'schedule':'@daily','timeZone':'Etc/UTC'}; ['x','@daily','Etc/UTC','<unset>',0,'<none>','120m','','','<none>']",
                "scheduling.k8s.io/priorityclasses; 'value':5,'preemptionPolicy':'Never'; ['x',5,false,'120m','Never']",
                "autoscaling/horizontalpodautoscalers; 'spec':{'scaleTargetRef':{'kind':'Deployment','name':'d'},'minReplicas':1,'maxReplicas':5,'metrics':[{'type':'Resource','resource':{'name':'cpu','target':{'averageUtilization':50}}}]},'status':{'currentReplicas':2,'currentMetrics':[{'type':'Resource','resource':{'current':{'averageUtilization':10}}}]}; ['x','Deployment/d','cpu: 10%/50%','1',5,2,'120m']",
                "autoscaling/horizontalpodautoscalers; 'spec':{'scaleTargetRef':{'kind':'Deployment','name':'d'},'maxReplicas':5}; ['x','Deployment/d','<none>','<unset>',5,0,'120m']",
                "networking.k8s.io/ingresses; 'spec':{'rules':[{'host':'a'},{'host':'b'},{'host':'c'},{'host':'d'}],'tls':[{}]}; ['x','<none>','a,b,c + 1 more...','','80, 443','120m']",
                "networking.k8s.io/ingressclasses; 'spec':{'controller':'c','parameters':{'kind':'K','apiGroup':'g.h','name':'n'}}; ['x','c','K.g.h/n','120m']",
                "networking.k8s.io/networkpolicies; 'spec':{'podSelector':{}}; ['x','<none>','120m']",
                "policy/poddisruptionbudgets; 'spec':{'maxUnavailable':'30%'},'status':{'disruptionsAllowed':1}; ['x','N/A','30%',1,'120m']",
                "storage.k8s.io/storageclasses; 'metadata':{'name':'x','creationTimestamp':'2026-01-02T10:00:00Z','annotations':{'storageclass.kubernetes.io/is-default-class':'true'}},'provisioner':'p'; ['x (default)','p','Delete','Immediate',false,'120m']",
                "storage.k8s.io/csidrivers; 'spec':{'tokenRequests':[{'audience':'a'}]}; ['x',true,false,false,'a',false,'Persistent','120m']",
                "rbac.authorization.k8s.io/rolebindings; 'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'User','name':'u'},{'kind':'ServiceAccount','namespace':'n','name':'s'},{'kind':'User','name':'v'}]; ['x','Role/r','120m','u, v','','n/s']",
                "rbac.authorization.k8s.io/roles; 'rules':[]; ['x','2026-01-02T10:00:00Z']",
                "apiregistration.k8s.io/apiservices; 'spec':{'service':{'namespace':'n','name':'s'}},'status':{'conditions':[{'type':'Available','status':'False','reason':'MissingEndpoints'}]}; ['x','n/s','False (MissingEndpoints)','120m']",
                "certificates.k8s.io/certificatesigningrequests; 'spec':{'signerName':'s','username':'u','expirationSeconds':86400},'status':{'conditions':[{'type':'Approved'}],'certificate':'Zg=='}; ['x','120m','s','u','24h','Approved,Issued']",
                "admissionregistration.k8s.io/validatingadmissionpolicies; 'spec':{'validations':[{},{}]}; ['x',2,'<unset>','120m']",
                "resource.k8s.io/resourceclaims; 'status':{'allocation':{},'reservedFor':[{}]}; ['x','allocated,reserved','120m']",
                "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations; 'spec':{'type':'Exempt','exempt':{'nominalConcurrencyShares':0}}; ['x','Exempt','0','<none>','<none>','<none>','120m']",
                "networking.k8s.io/ipaddresses; 'spec':{'parentRef':{'resource':'services','namespace':'n','name':'s'}}; ['x','services/n/s']",
            })
    void cells(String resource, String fields, String expected) {
        String metadata = fields.contains("'metadata'")
                ? ""
                : "'metadata':{'name':'x','creationTimestamp':'2026-01-02T10:00:00Z'},";
        ObjectNode object = (ObjectNode) json("{" + metadata + fields + "}");
        int slash = resource.indexOf('/');
        Columns columns = BuiltInColumns.of(resource.substring(0, slash), resource.substring(slash + 1))
                .orElseThrow();
        ArrayNode cells =
                (ArrayNode) RENDERER.render(columns, List.of(object), IncludeObject.NONE, ListMeta.at("1"), false)
                        .at("/rows/0/cells");
        assertThat(cells.toString()).isEqualTo(json(expected).toString());
    }

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
