#!/usr/bin/env bash
# Takes the stack of STAGE down. The table, the buckets, the key and the secret stay: they hold letters, and the law
# says how long. What stays is listed.
set -euo pipefail
stage=${1:?usage: infra/destroy.sh STAGE}
export AWS_PAGER=""
aws() { command aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"; }
aws cloudformation delete-stack --stack-name "brevdue-$stage"
while aws cloudformation describe-stacks --stack-name "brevdue-$stage" --query 'Stacks[0].StackStatus' --output text 2>/dev/null | grep -v DELETE_COMPLETE >/dev/null; do
  case $(aws cloudformation describe-stacks --stack-name "brevdue-$stage" --query 'Stacks[0].StackStatus' --output text 2>/dev/null) in
    DELETE_FAILED) echo "the stack could not be deleted" >&2; exit 1 ;;
  esac
  sleep 1
done
account=$(aws sts get-caller-identity --query Account --output text)
echo "brevdue-$stage is gone. Kept: table brevdue-$stage, buckets brevdue-$stage-uploads-$account and brevdue-$stage-archive-$account, secret /brevdue/$stage/house, its KMS key, and the code in brevdue-$stage-code-$account."
