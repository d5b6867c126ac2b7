#!/bin/sh
# api REGION STACK: the address of the shop's API in a Region, without a slash at its end.
if [ $# -ne 2 ]; then
  if [ "$ESPERA_LANG" = en ]; then
    echo 'Use: api REGION STACK      for example: api us-east-1 unishop-primary' >&2
  else
    echo 'Uso: api REGIÓN PILA       por ejemplo: api us-east-1 unishop-primary' >&2
  fi
  exit 2
fi
address=$(output "$1" "$2" ApiUrl) || exit
printf '%s\n' "${address%/}"
