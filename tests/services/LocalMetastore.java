// A Hive metastore on 127.0.0.1 only: its stock main would listen on all addresses.
// Usage: java … LocalMetastore PORT, with hive-site.xml in the class path.
import java.net.InetSocketAddress;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.api.ThriftHiveMetastore;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;

public class LocalMetastore {
  public static void main(String[] args) throws Exception {
    HiveConf conf = new HiveConf(LocalMetastore.class);
    ThriftHiveMetastore.Iface handler = HiveMetaStore.newRetryingHMSHandler("tests", conf, false);
    handler.get_all_databases();  // makes the schema, and the database "default"
    TServerSocket socket =
        new TServerSocket(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
    System.out.println("ready");
    new TThreadPoolServer(
            new TThreadPoolServer.Args(socket)
                .processor(new ThriftHiveMetastore.Processor<>(handler)))
        .serve();
  }
}
