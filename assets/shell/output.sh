#!/bin/sh
# output REGION STACK KEY: prints one output of a stack, and fails where there is none, so that a line
# which uses it does not go on with an empty name.
if [ $# -ne 3 ]; then
  if [ "$ESPERA_LANG" = en ]; then
    echo 'Use: output REGION STACK KEY      for example: output us-east-1 unishop-primary ApiUrl' >&2
  else
    echo 'Uso: output REGIÓN PILA CLAVE     por ejemplo: output us-east-1 unishop-primary ApiUrl' >&2
  fi
  exit 2
fi
value=$(aws cloudformation describe-stacks --region "$1" --stack-name "$2" \
  --query "Stacks[0].Outputs[?OutputKey=='$3'].OutputValue" --output text) || exit
if [ -z "$value" ] || [ "$value" = None ]; then
  if [ "$ESPERA_LANG" = en ]; then
    echo "output: the stack $2 has no output $3 in $1 (not complete yet, or another name)" >&2
  else
    echo "output: la pila $2 no tiene la salida $3 en $1 (aún no está completa, o es otro nombre)" >&2
  fi
  exit 1
fi
printf '%s\n' "$value"
