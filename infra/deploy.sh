#!/usr/bin/env bash
# Deploys infra/template.yaml as STAGE, and prints where it is as JSON. Parameters of the template are given as
# arguments: infra/deploy.sh prod Domain=post.kommune.dk. With AWS_ENDPOINT_URL it deploys to whatever answers there.
set -euo pipefail
cd "$(dirname "$0")/.."
stage=${1:?usage: infra/deploy.sh STAGE [Parameter=value …]}
shift
stack=brevdue-$stage
export AWS_PAGER=""
aws() { command aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"; }
say() { echo "$@" >&2; }

architecture=arm64
if [ "$stage" = local ]; then # waits in which a person, or a test, sees everything happen
  case $(uname -m) in x86_64) architecture=x86_64 ;; esac
  set -- "DigitalPost=${BREVDUE_SIMULATOR:?STAGE=local needs BREVDUE_SIMULATOR, the address that brevdue simulator prints}" \
    DigitalPostEnvironment=simulator DigitalPostRate=0 Operator=demo Pause=1 SecondFactor=false SplitTimeout=60 SplitVisibility=60 WorkTimeout=40 WorkVisibility=40 PollTimeout=60 PollVisibility=60 LockDays=1 \
    "Pace=demo backOffFrom=200ms backOffTo=1s retryFor=40s receiptWithin=20s look=60s call=3s callMass=10s upload=90s" "$@"
fi
for p in "$@"; do case $p in Architecture=*) architecture=${p#*=} ;; esac; done

say "building for $architecture"
make --no-print-directory functions ARCH="$architecture" >&2

account=$(aws sts get-caller-identity --query Account --output text)
bucket=brevdue-$stage-code-$account
if ! aws s3api head-bucket --bucket "$bucket" >/dev/null 2>/dev/null; then
  aws s3api create-bucket --bucket "$bucket" --create-bucket-configuration "LocationConstraint=${AWS_REGION:?AWS_REGION is not set}" >/dev/null
  aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
fi
say "packaging"
aws cloudformation package --template-file infra/template.yaml --s3-bucket "$bucket" --output-template-file build/template.yaml \
  2> >(tr '\r' '\n' | grep -v '^Uploading' >&2) >/dev/null
aws s3 cp --quiet build/template.yaml "s3://$bucket/template.yaml"

parameters=(ParameterKey=Stage,ParameterValue="$stage" ParameterKey=Architecture,ParameterValue="$architecture"
  ParameterKey=Version,ParameterValue="$(git describe --always --dirty 2>/dev/null || echo dev)")
for p in "$@"; do
  [ "${p%%=*}" = Architecture ] || parameters+=("ParameterKey=${p%%=*},ParameterValue=\"${p#*=}\"")
done
status() { aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackStatus' --output text 2>/dev/null || echo NONE; }
kind=UPDATE
case $(status) in
  NONE | REVIEW_IN_PROGRESS) kind=CREATE ;;
  ROLLBACK_COMPLETE) # a first deployment that failed: nothing of it is left
    aws cloudformation delete-stack --stack-name "$stack"
    aws cloudformation wait stack-delete-complete --stack-name "$stack"
    kind=CREATE
    ;;
  ROLLBACK_FAILED | DELETE_FAILED)
    say "the stack $stack is in the state $(status): see in the console what could not be deleted, delete the stack, and deploy again"
    exit 1
    ;;
esac
if [ $kind = UPDATE ]; then # what is not given stays as it is
  for known in $(aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].Parameters[].ParameterKey' --output text); do
    case " ${parameters[*]}" in
      *"ParameterKey=$known,"*) ;;
      *) grep -q "^  $known:" infra/template.yaml && parameters+=("ParameterKey=$known,UsePreviousValue=true") ;;
    esac
  done
fi
change=deploy-$(date +%s)
aws cloudformation create-change-set --stack-name "$stack" --change-set-name "$change" --change-set-type $kind \
  --template-url "${AWS_ENDPOINT_URL:-https://s3.$AWS_REGION.amazonaws.com}/$bucket/template.yaml" \
  --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND --parameters "${parameters[@]}" >/dev/null
while :; do
  read -r state reason < <(aws cloudformation describe-change-set --stack-name "$stack" --change-set-name "$change" --query '[Status,StatusReason]' --output text)
  case $state in
    CREATE_COMPLETE) break ;;
    FAILED)
      aws cloudformation delete-change-set --stack-name "$stack" --change-set-name "$change" >/dev/null
      case $reason in *"didn't contain changes"* | *"No updates"*) state=SAME; break ;; esac
      say "the change set failed: $reason"; exit 1 ;;
  esac
  sleep 0.5
done
if [ "$state" != SAME ]; then
  say "deploying $stack"
  aws cloudformation execute-change-set --stack-name "$stack" --change-set-name "$change" >/dev/null
  while :; do
    sleep 0.5
    case $(aws cloudformation describe-change-set --stack-name "$stack" --change-set-name "$change" --query ExecutionStatus --output text 2>/dev/null) in
      *IN_PROGRESS | AVAILABLE) continue ;;
    esac
    case $(status) in
      CREATE_COMPLETE | UPDATE_COMPLETE) break ;;
      *ROLLBACK* | *FAILED*)
        aws cloudformation describe-stack-events --stack-name "$stack" --query "StackEvents[?contains(ResourceStatus,'FAILED')].[LogicalResourceId,ResourceStatusReason]" --output text >&2
        say "the deployment failed"; exit 1 ;;
    esac
  done
fi

if [ -z "${AWS_ENDPOINT_URL:-}" ]; then # not in the template: a first deployment that fails must be able to delete it
  [ "$(aws dynamodb describe-table --table-name "$stack" --query Table.DeletionProtectionEnabled --output text)" = True ] ||
    aws dynamodb update-table --table-name "$stack" --deletion-protection-enabled >/dev/null
fi

founded=null
if [ "$stage" = local ]; then
  if ! founded=$(bin/brevdue organization change demo --new-code demo --table "$stack" --json 2>/dev/null); then
    founded=$(bin/brevdue organization add demo --name 'Nordøby Kommune' --cvr 99060816 --user demo --undo 10s --table "$stack" --json)
  fi
fi
aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].Outputs' --output json |
  python3 -c '
import json, sys
out = {o["OutputKey"].lower(): o["OutputValue"].rstrip("/") for o in json.load(sys.stdin)}
founded = json.loads(sys.argv[1])
if founded:
    out |= founded
print(json.dumps(out, ensure_ascii=False))' "$founded"
