// What S3 refuses, in words that say what to do.
#include "io/s3/client_internal.h"
#include "io/s3/xml.h"

namespace synthmill::io {

bool IsNoBucket(const HttpResponse& response) {
  return XmlText(response.body, "Code") == "NoSuchBucket";
}

arrow::Status S3Error(const S3Where& where, const HttpResponse& response) {
  const std::string code = XmlText(response.body, "Code");
  const std::string message = XmlText(response.body, "Message");
  const std::string begin = "cannot " + where.what + " " + where.uri + ": ";
  const std::string told = (message.empty() ? "" : message + " ") + "(" +
                           (code.empty() ? "" : code + ", ") + "HTTP " +
                           std::to_string(response.status) + ")";
  const std::string keys = "the keys come from " + where.credential_source;
  if (code == "NoSuchBucket") {
    return arrow::Status::Invalid("there is no bucket '", where.bucket, "' at ", where.server,
                                  "; make it first, or correct the URI (another endpoint: "
                                  "--s3-endpoint)");
  }
  if (code == "InvalidAccessKeyId" || code == "InvalidAccessKey" || code == "XAdminUserNotFound") {
    return arrow::Status::Invalid(begin, where.server, " does not know the access key; ", keys,
                                  " (is it the right endpoint?)");
  }
  if (code == "SignatureDoesNotMatch") {
    return arrow::Status::Invalid(begin, where.server,
                                  " refuses the signature: the secret key does not belong to the "
                                  "access key; ",
                                  keys);
  }
  if (code == "ExpiredToken" || code == "TokenRefreshRequired" || code == "InvalidToken") {
    return arrow::Status::Invalid(begin, "the session token is no longer good; ", keys,
                                  "; log in again, then use --resume");
  }
  if (code == "RequestTimeTooSkewed") {
    return arrow::Status::Invalid(begin, "the clock of this machine is wrong: ", told);
  }
  if (response.status == 403) {
    return arrow::Status::Invalid(begin, "no permission ", told, "; ", keys,
                                  ". Writing needs s3:PutObject, s3:GetObject, s3:DeleteObject, "
                                  "s3:AbortMultipartUpload, s3:ListMultipartUploadParts, "
                                  "s3:ListBucket and s3:ListBucketMultipartUploads; reading "
                                  "s3:GetObject and s3:ListBucket");
  }
  if (response.status == 401) {
    return arrow::Status::Invalid(begin, "not let in ", told, "; ", keys);
  }
  if (response.status == 301 || response.status == 307) {
    return arrow::Status::Invalid(begin, "the bucket is elsewhere ", told,
                                  "; give its region with --s3-region, or its --s3-endpoint");
  }
  if (response.status == 429 || response.status == 503) {
    return arrow::Status::IOError(begin, where.server, " keeps refusing because of load ", told,
                                  ", after ", response.attempts,
                                  " attempts; try again later, with fewer --threads, or a longer "
                                  "--retry-seconds");
  }
  if (response.status >= 500) {
    return arrow::Status::IOError(begin, where.server, " fails ", told, ", after ",
                                  response.attempts, " attempt", response.attempts == 1 ? "" : "s");
  }
  if (response.status == 404) return arrow::Status::IOError(begin, "it is not there ", told);
  return arrow::Status::IOError(begin, told);
}

void AddEncryption(const S3Options& options, std::vector<std::string>* headers) {
  if (options.sse.empty()) return;
  headers->push_back("x-amz-server-side-encryption: " + options.sse);
  if (!options.kms_key.empty()) {
    headers->push_back("x-amz-server-side-encryption-aws-kms-key-id: " + options.kms_key);
  }
}

}  // namespace synthmill::io
