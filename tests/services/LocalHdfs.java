// An HDFS of one name node and one data node on 127.0.0.1, its blocks in a folder.
// Usage: java … LocalHdfs PORT FOLDER; what is in the folder already is served again.
//
// Does on standard input's lines what tests ask of Hadoop's own Java client: OP, then its
// arguments, separated by tabs. Answers with one line each: "ok", or "ok" and data in base64, or
// "no" and the reason.
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.util.Base64;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;

public class LocalHdfs {
  public static void main(String[] args) throws Exception {
    Configuration conf = new Configuration();
    conf.set("dfs.namenode.safemode.extension", "0");
    File folder = new File(args[1]);
    MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(conf, folder)
            .nameNodePort(Integer.parseInt(args[0]))
            .numDataNodes(1)
            .format(!folder.isDirectory())
            .build();
    cluster.waitActive();
    System.out.println("ready");
    FileSystem fs = cluster.getFileSystem();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = in.readLine()) != null; ) {
      String answer;
      try {
        byte[] data = act(cluster, fs, line.split("\t"));
        answer = data == null ? "ok" : "ok " + Base64.getEncoder().encodeToString(data);
      } catch (Exception e) {
        answer = "no " + e.toString().replace('\n', ' ');
      }
      System.out.println(answer);
    }
  }

  private static byte[] act(MiniDFSCluster cluster, FileSystem fs, String[] words)
      throws Exception {
    Path path = words.length > 1 ? new Path(words[1]) : null;
    switch (words[0]) {
      case "files": {  // lines of path, bytes, replication
        StringBuilder out = new StringBuilder();
        if (!fs.exists(path)) throw new java.io.FileNotFoundException(path.toString());
        RemoteIterator<LocatedFileStatus> files = fs.listFiles(path, true);
        while (files.hasNext()) {
          FileStatus file = files.next();
          out.append(file.getPath().toUri().getPath()).append('\t').append(file.getLen());
          out.append('\t').append(file.getReplication()).append('\n');
        }
        return out.toString().getBytes("UTF-8");
      }
      case "read":
        try (FSDataInputStream file = fs.open(path)) {
          return file.readAllBytes();
        }
      case "write":
        try (FSDataOutputStream file = fs.create(path, true)) {
          file.write(Base64.getDecoder().decode(words.length > 2 ? words[2] : ""));
        }
        return null;
      case "folder":
        if (!fs.mkdirs(path)) throw new java.io.IOException("cannot make " + path);
        return null;
      case "permit":
        fs.setPermission(path, new FsPermission(words[2]));
        return null;
      case "rename":
        if (!fs.rename(path, new Path(words[2]))) throw new java.io.IOException("cannot rename");
        return null;
      case "remove":
        if (!fs.delete(path, true)) throw new java.io.IOException("cannot remove " + path);
        return null;
      case "stop-data":
        cluster.stopDataNode(0);
        return null;
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }
}
