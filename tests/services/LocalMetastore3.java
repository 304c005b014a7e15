// The metastore of Hive 3 on 127.0.0.1 only.
// Usage: java … LocalMetastore3 PORT, with metastore-site.xml in the class path.
import java.net.InetSocketAddress;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.api.ThriftHiveMetastore;
import org.apache.hadoop.hive.metastore.conf.MetastoreConf;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;

public class LocalMetastore3 {
  public static void main(String[] args) throws Exception {
    Configuration conf = MetastoreConf.newMetastoreConf();
    ThriftHiveMetastore.Iface handler = new HiveMetaStore.HMSHandler("tests", conf, true);
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
